alter table public.memberships alter column nickname type varchar(40);
