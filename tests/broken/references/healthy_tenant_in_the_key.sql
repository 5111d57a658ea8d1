-- Claims: the foreign key has the tenant in it; a reference to what all tenants share needs none.

create table public.countries (code text primary key check (code ~ '^[A-Z]{2}$'), name text not null);
create table public.threads (
    tenant_id uuid not null,
    thread_id uuid default gen_random_uuid(),
    country text references public.countries,
    title text not null,
    primary key (tenant_id, thread_id)
);
create index on public.threads (country);
create table public.replies (
    tenant_id uuid not null,
    reply_id uuid default gen_random_uuid(),
    thread_id uuid not null,
    body text not null,
    primary key (tenant_id, reply_id),
    foreign key (tenant_id, thread_id) references public.threads on delete cascade
);
create index on public.replies (tenant_id, thread_id);
alter table public.countries enable row level security;
alter table public.threads enable row level security;
alter table public.replies enable row level security;
revoke all on public.countries, public.threads, public.replies from anon, authenticated;
grant select on public.countries to authenticated;
grant select, insert on public.threads, public.replies to authenticated;
create policy everyone on public.countries for select to authenticated using (true);
create policy own on public.threads to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy own on public.replies to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
