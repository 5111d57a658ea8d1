-- A few rows are filled in a file of its own with the touch trigger held off, which is on again at the end; updated_at stays.
alter table public.tenants add column display_slug text;
