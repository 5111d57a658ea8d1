alter table public.memberships drop column nickname;
