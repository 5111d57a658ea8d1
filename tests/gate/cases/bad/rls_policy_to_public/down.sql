drop policy files_select on public.files;
create policy files_select on public.files for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
