drop table public.plan_limits;
drop index public.memberships_role_idx;
