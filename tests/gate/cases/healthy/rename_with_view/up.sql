-- Old clients use the view of the old name, which asks as the caller and has the same grants.
alter table public.notes rename to remarks;
create view public.notes with (security_invoker = true) as
  select id, tenant_id, order_id, author_id, body, visibility, pinned, created_at, updated_at from public.remarks;
revoke all on public.notes from anon, authenticated;
grant select, delete on public.notes to authenticated;
grant insert (tenant_id, order_id, author_id, body, visibility) on public.notes to authenticated;
grant update (body, visibility, pinned) on public.notes to authenticated;
