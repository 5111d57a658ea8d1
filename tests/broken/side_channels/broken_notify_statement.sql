-- Claims: a trigger says by NOTIFY that some tenant has written.
-- finds: side_channels:public.ring() = note

create table public.calls (
    tenant_id uuid not null,
    call_id uuid default gen_random_uuid(),
    caller text not null,
    primary key (tenant_id, call_id)
);
create function public.ring() returns trigger language plpgsql set search_path = '' --!
as $$ begin notify calls; return new; end $$;
create trigger ring after insert on public.calls for each row execute function public.ring();
alter table public.calls enable row level security;
revoke all on public.calls from anon, authenticated;
revoke execute on function public.ring() from public, anon, authenticated;
grant select, insert on public.calls to authenticated;
create policy own on public.calls to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
