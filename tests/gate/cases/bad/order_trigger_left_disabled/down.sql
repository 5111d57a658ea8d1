alter table public.notes enable trigger notes_touch;
