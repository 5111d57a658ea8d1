-- finds: data_loss:2:stale:irreversible = warning
-- up --
-- schemaproof: irreversible it was thought so
alter table public.people add column remark text;
-- down --
alter table public.people drop column remark;
