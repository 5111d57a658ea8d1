-- Tenants and who belongs to them; the helpers that every later policy leans on.
create schema private;
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

create type public.member_role as enum ('owner', 'admin', 'member');

create function private.current_tenant() returns uuid
language sql stable
set search_path = ''
as $$ select nullif(auth.jwt() ->> 'tenant_id', '')::uuid $$;
revoke execute on function private.current_tenant() from public;
grant execute on function private.current_tenant() to authenticated, service_role;
comment on function private.current_tenant() is 'The tenant that the session''s token names; null without one.';

create function private.touch_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;
revoke execute on function private.touch_updated_at() from public;

create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  slug text not null constraint tenants_slug_key unique,
  name text not null,
  plan text not null default 'free',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tenants_slug_check check (slug ~ '^[a-z0-9-]{2,40}$'),
  constraint tenants_plan_check check (plan in ('free', 'team', 'business'))
);
comment on table public.tenants is 'A customer of ours: everything else hangs on one.';

create table public.memberships (
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.member_role not null default 'member',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);
create index memberships_user_id_idx on public.memberships (user_id);
comment on column public.memberships.role is 'What the user may do in the tenant.';

create trigger tenants_touch before update on public.tenants
  for each row execute function private.touch_updated_at();
create trigger memberships_touch before update on public.memberships
  for each row execute function private.touch_updated_at();

revoke all on public.tenants, public.memberships from anon, authenticated;
grant select, update (name) on public.tenants to authenticated;
grant select on public.memberships to authenticated;

alter table public.tenants enable row level security;
alter table public.tenants force row level security;
alter table public.memberships enable row level security;
alter table public.memberships force row level security;

create policy tenants_select on public.tenants for select to authenticated
  using (id = (select private.current_tenant()));
create policy tenants_update on public.tenants for update to authenticated
  using (id = (select private.current_tenant()))
  with check (id = (select private.current_tenant()));
create policy memberships_select on public.memberships for select to authenticated
  using (tenant_id = (select private.current_tenant()));
