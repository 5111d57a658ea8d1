alter table public.patients drop column seen_at;
drop table public.visits;
