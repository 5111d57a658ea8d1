create table public.files (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  path text not null,
  size_bytes bigint not null,
  checksum bytea,
  content_type text not null default 'application/octet-stream',
  meta json,
  created_at timestamptz not null default now(),
  constraint files_tenant_id_path_key unique (tenant_id, path),
  constraint files_size_check check (size_bytes >= 0),
  constraint files_checksum_check check (octet_length(checksum) = 32)
);
alter table public.files alter column checksum set storage external;
revoke all on public.files from anon, authenticated;
grant select, insert, delete on public.files to authenticated;
alter table public.files enable row level security;
alter table public.files force row level security;
create policy files_select on public.files for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy files_insert on public.files for insert to authenticated
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy files_delete on public.files for delete to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
