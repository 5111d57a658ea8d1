-- Claims: a table of notifications and a column of that name, and nothing that is sent.

create table public.notifications (
    tenant_id uuid not null,
    notification_id uuid default gen_random_uuid(),
    notify boolean not null default true,
    primary key (tenant_id, notification_id)
);
create function public.keep() returns trigger language plpgsql set search_path = ''
as $$ begin new.notify := coalesce(new.notify, true); return new; end $$;
create trigger keep before insert on public.notifications for each row execute function public.keep();
alter table public.notifications enable row level security;
revoke all on public.notifications from anon, authenticated;
revoke execute on function public.keep() from public, anon, authenticated;
grant select, insert on public.notifications to authenticated;
create policy own on public.notifications to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
