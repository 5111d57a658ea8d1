alter table public.memberships alter column nickname type text;
