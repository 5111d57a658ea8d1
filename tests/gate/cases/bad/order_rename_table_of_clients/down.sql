alter table public.remarks rename to notes;
