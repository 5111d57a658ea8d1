-- What happened, by month; a trigger writes it, members read it.
create table public.events (
  id bigint generated always as identity,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  kind text not null,
  subject_id uuid,
  payload jsonb not null default '{}'::jsonb,
  occurred_at timestamptz not null default now(),
  primary key (id, occurred_at)
) partition by range (occurred_at);
create index events_tenant_id_occurred_at_idx on public.events (tenant_id, occurred_at desc);
create table public.events_2025 partition of public.events
  for values from ('2025-01-01 00:00:00+00') to ('2026-01-01 00:00:00+00');
create table public.events_2026 partition of public.events
  for values from ('2026-01-01 00:00:00+00') to ('2027-01-01 00:00:00+00');
create table public.events_2027 partition of public.events
  for values from ('2027-01-01 00:00:00+00') to ('2028-01-01 00:00:00+00');

revoke all on public.events, public.events_2025, public.events_2026, public.events_2027 from anon, authenticated;
revoke all on sequence public.events_id_seq from anon, authenticated;
grant select on public.events to authenticated;
alter table public.events enable row level security;
alter table public.events force row level security;
alter table public.events_2025 enable row level security;
alter table public.events_2025 force row level security;
alter table public.events_2026 enable row level security;
alter table public.events_2026 force row level security;
alter table public.events_2027 enable row level security;
alter table public.events_2027 force row level security;
create policy events_select on public.events for select to authenticated
  using (tenant_id = (select (auth.jwt() ->> 'tenant_id')::uuid));

create function private.record_order_event() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.events (tenant_id, kind, subject_id, payload)
  values (new.tenant_id, 'order.' || new.status, new.id, jsonb_build_object('reference', new.reference));
  return null;
end
$$;
revoke execute on function private.record_order_event() from public;
create trigger orders_record_event after update of status on public.orders
  for each row when (old.status is distinct from new.status)
  execute function private.record_order_event();
