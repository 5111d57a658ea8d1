-- nothing is to be found
-- up --
alter table public.logged add column label text;
update public.logged set label = title;
-- down --
alter table public.logged drop column label;
