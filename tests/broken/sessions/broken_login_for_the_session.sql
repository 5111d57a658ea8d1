-- Settings: logging in by an id sets the tenant for the session: whoever knows the id has it, and so has the next request.
-- platform: plain
-- finds: sessions:ledger.login(uuid) = error
-- also: functions:ledger.login(uuid):reach = error

create role ledger_app nologin;
create schema ledger;
grant usage on schema ledger to ledger_app;
create table ledger.bookings (
    tenant_id uuid not null,
    booking_id bigint generated always as identity,
    text text not null,
    primary key (tenant_id, booking_id)
);
create table ledger.logins (login_id uuid primary key, tenant_id uuid not null);
alter table ledger.bookings enable row level security;
alter table ledger.bookings force row level security;
alter table ledger.logins enable row level security;
alter table ledger.logins force row level security;
grant select, insert on ledger.bookings to ledger_app;
create policy own on ledger.bookings to ledger_app
using (tenant_id = nullif(current_setting('ledger.tenant', true), '')::uuid);
create function ledger.login(p_login_id uuid) returns void language sql security definer set search_path = '' --!
as $$ select set_config('ledger.tenant', l.tenant_id::text, false) from ledger.logins as l where l.login_id = p_login_id $$;
