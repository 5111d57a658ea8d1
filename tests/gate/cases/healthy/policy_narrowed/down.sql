alter policy files_select on public.files
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
