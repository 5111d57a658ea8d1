-- Down restores the trigger function without SECURITY DEFINER: it may not insert events any more.
-- finds: stairway:20260201000000:function:private.record_order_event()
create or replace function private.record_order_event() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.events (tenant_id, kind, subject_id, payload)
  values (new.tenant_id, 'order.' || new.status, new.id, jsonb_build_object('reference', new.reference, 'currency', new.currency));
  return null;
end
$$;
