alter table public.events alter column subject_id drop not null;
