drop view public.notes;
alter table public.remarks rename to notes;
