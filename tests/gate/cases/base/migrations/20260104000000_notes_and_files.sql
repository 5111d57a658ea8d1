create table public.notes (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  order_id uuid,
  author_id uuid,
  body text not null,
  visibility text not null default 'team',
  pinned boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notes_order_fkey foreign key (tenant_id, order_id)
    references public.orders (tenant_id, id) on delete cascade,
  constraint notes_visibility_check check (visibility in ('team', 'private'))
);
create index notes_order_idx on public.notes (tenant_id, order_id);
comment on column public.notes.visibility is 'team: all members; private: the author alone.';

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

create trigger notes_touch before update on public.notes
  for each row execute function private.touch_updated_at();

revoke all on public.notes, public.files from anon, authenticated;
grant select, delete on public.notes to authenticated;
grant insert (tenant_id, order_id, author_id, body, visibility) on public.notes to authenticated;
grant update (body, visibility, pinned) on public.notes to authenticated;
grant select, insert, delete on public.files to authenticated;

alter table public.notes enable row level security;
alter table public.notes force row level security;
alter table public.files enable row level security;
alter table public.files force row level security;

create policy notes_select on public.notes for select to authenticated
  using (tenant_id = (select private.current_tenant())
    and (visibility = 'team' or author_id = (select auth.uid())));
create policy notes_insert on public.notes for insert to authenticated
  with check (tenant_id = (select private.current_tenant()));
create policy notes_update on public.notes for update to authenticated
  using (tenant_id = (select private.current_tenant()) and author_id = (select auth.uid()))
  with check (tenant_id = (select private.current_tenant()));
create policy notes_delete on public.notes for delete to authenticated
  using (tenant_id = (select private.current_tenant()) and author_id = (select auth.uid()));
create policy files_select on public.files for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy files_insert on public.files for insert to authenticated
  with check (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
create policy files_delete on public.files for delete to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));
