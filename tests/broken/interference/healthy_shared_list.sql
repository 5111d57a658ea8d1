-- Settings: what all share is the same for all, and totals are the tenant's own.
-- platform: plain

create role energy_app nologin;
create schema energy;
grant usage on schema energy to energy_app;
create table energy.tariffs (tariff text primary key, cents integer not null);
create table energy.readings (
    tenant_id uuid not null,
    reading_id bigint generated always as identity,
    tariff text not null references energy.tariffs,
    kwh numeric(12, 2) not null,
    primary key (tenant_id, reading_id)
);
create index on energy.readings (tariff);
alter table energy.tariffs enable row level security;
alter table energy.readings enable row level security;
alter table energy.readings force row level security;
create policy everyone on energy.tariffs for select to energy_app using (true);
create policy own on energy.readings to energy_app
using (tenant_id = nullif(current_setting('energy.tenant_id', true), '')::uuid);
create view energy.total with (security_invoker) as
select r.tariff, sum(r.kwh) as kwh, count(*) as readings
from energy.readings as r join energy.tariffs as t using (tariff) group by r.tariff;
grant select on energy.tariffs, energy.readings, energy.total to energy_app;
