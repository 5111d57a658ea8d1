alter table public.memberships alter column role drop default;
alter type public.member_role rename to member_role_new;
create type public.member_role as enum ('owner', 'admin', 'member');
alter table public.memberships alter column role type public.member_role using role::text::public.member_role;
alter table public.memberships alter column role set default 'member';
drop type public.member_role_new;
