-- GRANT ALL gives authenticated TRUNCATE, which row security does not stop.
-- finds: widened:privileges:public.files:authenticated
grant all on public.files to authenticated;
create policy files_update on public.files for update to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid))
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
