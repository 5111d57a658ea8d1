-- Settings: a view sums over all tenants, which may be meant: a warning.
-- platform: plain
-- finds: interference:energy.total = warning

create role energy_app nologin;
create schema energy;
grant usage on schema energy to energy_app;
create table energy.readings (
    tenant_id uuid not null,
    reading_id bigint generated always as identity,
    kwh numeric(12, 2) not null,
    primary key (tenant_id, reading_id)
);
alter table energy.readings enable row level security;
alter table energy.readings force row level security;
create policy own on energy.readings to energy_app
using (tenant_id = nullif(current_setting('energy.tenant_id', true), '')::uuid);
create view energy.total as select count(*) as readings, sum(kwh) as kwh from energy.readings; --!
grant select on energy.readings, energy.total to energy_app;
