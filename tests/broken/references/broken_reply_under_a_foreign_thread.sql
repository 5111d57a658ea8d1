-- Claims: the foreign key lacks the tenant, and no policy looks at the thread's.
-- finds: references:public.replies:replies_thread_id_fkey = error

create table public.threads (
    thread_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    title text not null
);
create index on public.threads (tenant_id);
create table public.replies (
    reply_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    thread_id uuid not null references public.threads on delete cascade, --!
    body text not null
);
create index on public.replies (tenant_id);
create index on public.replies (thread_id);
alter table public.threads enable row level security;
alter table public.replies enable row level security;
revoke all on public.threads, public.replies from anon, authenticated;
grant select, insert on public.threads, public.replies to authenticated;
create policy own on public.threads to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy own on public.replies to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
