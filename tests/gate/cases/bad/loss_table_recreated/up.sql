-- Table dropped; the down makes it anew, exact and empty.
-- finds: data_loss:20260201000000:lost:public.files
drop table public.files;
