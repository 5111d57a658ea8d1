-- Table renamed with no view under the old name: clients break.
-- finds: renamed:20260201000000:public.notes
alter table public.notes rename to remarks;
