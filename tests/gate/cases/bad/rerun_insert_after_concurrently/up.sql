-- A statement that cannot run twice follows CONCURRENTLY in one file.
-- finds: interruption:20260201000000:again
create index concurrently memberships_role_idx on public.memberships (tenant_id, role);
create table public.plan_limits (
  plan text primary key,
  members integer not null
);
revoke all on public.plan_limits from anon, authenticated;
alter table public.plan_limits enable row level security;
alter table public.plan_limits force row level security;
insert into public.plan_limits values ('free', 3), ('team', 20), ('business', 500);
