-- COMMIT in the middle of the file: what is before it stays when the rest fails.
-- finds: interruption:20260201000000:again
begin;
alter table public.files add column title text;
commit;
begin;
alter table public.files add column language text;
comment on column public.files.title is 'As the uploader named it.';
commit;
