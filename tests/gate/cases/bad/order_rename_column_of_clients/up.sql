-- Column renamed in one step: running clients send and read the old name.
-- finds: renamed:20260201000000:public.files.path
alter table public.files rename column path to object_key;
alter table public.files rename constraint files_tenant_id_path_key to files_tenant_id_object_key_key;
