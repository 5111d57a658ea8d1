-- schemaproof: lossy public.tenants.display_slug filled where it was null; the rollback cannot tell and keeps it
alter table public.tenants disable trigger tenants_touch;
update public.tenants set display_slug = upper(slug) where display_slug is null;
alter table public.tenants enable trigger tenants_touch;
