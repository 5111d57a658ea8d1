-- finds: data_loss:2:unknown:lossy people.notes = warning
-- up --
-- schemaproof: lossy people.notes a typo
alter table public.people add column remark text;
-- down --
alter table public.people drop column remark;
