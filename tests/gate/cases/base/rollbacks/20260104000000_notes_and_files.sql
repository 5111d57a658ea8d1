drop table public.files;
drop table public.notes;
