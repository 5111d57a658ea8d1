-- finds: data_loss:2:stale:lossy people.note = warning
-- up --
-- schemaproof: lossy people.note it was thought to be lost
alter table public.people add column remark text;
-- down --
alter table public.people drop column remark;
