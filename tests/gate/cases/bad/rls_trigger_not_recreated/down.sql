create or replace function private.record_order_event() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.events (tenant_id, kind, subject_id, payload)
  values (new.tenant_id, 'order.' || new.status, new.id, jsonb_build_object('reference', new.reference));
  return null;
end
$$;
create trigger orders_record_event after update of status on public.orders
  for each row when (old.status is distinct from new.status)
  execute function private.record_order_event();
