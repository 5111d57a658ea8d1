alter table public.files drop column language;
alter table public.files drop column title;
