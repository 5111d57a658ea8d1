-- The down fails: an index name that does not exist.
-- finds: stairway:20260201000000:fails
create index concurrently files_content_type_index on public.files (tenant_id, content_type);
