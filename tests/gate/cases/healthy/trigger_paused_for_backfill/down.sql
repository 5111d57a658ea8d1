alter table public.tenants drop column display_slug;
