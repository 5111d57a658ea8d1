-- Policy made again without TO: it applies to public, anon included.
-- finds: loosened:policy:public.files.files_select
drop policy files_select on public.files;
create policy files_select on public.files for select
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid) and path not like '.%');
