-- Settings: an empty setting, as a pooled connection leaves it behind, opens the rows of all.
-- platform: plain
-- finds: isolation:parking.permits:select = error
-- finds: isolation:parking.permits:insert = error
-- finds: isolation:parking.permits:update = error
-- finds: isolation:parking.permits:delete = error

create role parking_app nologin;
create schema parking;
grant usage on schema parking to parking_app;
create table parking.permits (
    city text not null,
    permit_id bigint generated always as identity,
    plate text not null,
    primary key (city, permit_id)
);
alter table parking.permits enable row level security;
alter table parking.permits force row level security;
grant select, insert, update, delete on parking.permits to parking_app;
create policy own on parking.permits to parking_app --!
using (current_setting('parking.city', true) in ('', city));
