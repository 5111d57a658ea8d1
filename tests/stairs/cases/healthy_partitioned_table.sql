-- nothing is to be found
-- up --
alter table public.parted add column label text default 'x';
update public.parted set label = kind;
-- down --
alter table public.parted drop column label;
