-- Settings: a view with the caller's rights reads one that runs as its owner.
-- platform: plain
-- finds: views:meter.readings_by_day:read = error
-- finds: views:meter.all_readings:read = error

create role meter_app nologin;
create schema meter;
grant usage on schema meter to meter_app;
create table meter.readings (
    tenant_id uuid not null,
    reading_id bigint generated always as identity,
    meter_name text not null,
    primary key (tenant_id, reading_id)
);
alter table meter.readings enable row level security;
alter table meter.readings force row level security;
create policy own on meter.readings to meter_app
using (tenant_id = nullif(current_setting('meter.tenant_id', true), '')::uuid);
create view meter.all_readings as select * from meter.readings; --!
create view meter.readings_by_day with (security_invoker) as --!
select tenant_id, meter_name, count(*) as number from meter.all_readings group by tenant_id, meter_name;
grant select on meter.readings, meter.all_readings, meter.readings_by_day to meter_app;
