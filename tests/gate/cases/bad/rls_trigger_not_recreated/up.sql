-- Trigger dropped to replace its function and never made again: the audit trail ends.
-- finds: trigger_left_off:20260201000000:dropped:public.orders.orders_record_event
drop trigger orders_record_event on public.orders;
create or replace function private.record_order_event() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.events (tenant_id, kind, subject_id, payload)
  values (new.tenant_id, 'order.' || new.status, new.id, jsonb_build_object('reference', new.reference, 'total', new.total));
  return null;
end
$$;
