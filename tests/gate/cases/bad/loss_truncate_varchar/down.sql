alter table public.notes alter column body type text;
