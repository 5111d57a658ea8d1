-- Two columns merged with a separator that occurs in the values: the down splits at the wrong place.
-- finds: data_loss:20260201000000:lost:public.files.path
update public.files set path = content_type || '/' || path;
alter table public.files drop column content_type;
