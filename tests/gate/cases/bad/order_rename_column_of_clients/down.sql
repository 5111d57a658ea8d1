alter table public.files rename constraint files_tenant_id_object_key_key to files_tenant_id_path_key;
alter table public.files rename column object_key to path;
