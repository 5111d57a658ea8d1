-- Three values mapped to two: owners come back as admins.
-- finds: data_loss:20260201000000:lost:public.memberships.role
-- finds: locks:20260201000000:rewrite_alter_column_type:public.memberships
alter table public.memberships alter column role drop default;
alter type public.member_role rename to member_role_old;
create type public.member_role as enum ('admin', 'member');
alter table public.memberships alter column role type public.member_role
  using (case role::text when 'owner' then 'admin' else role::text end)::public.member_role;
alter table public.memberships alter column role set default 'member';
drop type public.member_role_old;
