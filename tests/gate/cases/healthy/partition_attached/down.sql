drop table public.events_2028;
