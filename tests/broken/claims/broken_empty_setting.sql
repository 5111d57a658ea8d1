-- Settings: an empty setting, as a pool leaves it behind, opens the rows of all; one that was never set opens none.
-- platform: plain
-- finds: claims:parking.permits = error

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
