-- Settings: bookings of a desk exclude one another over all tenants.
-- platform: plain
-- finds: existence:cowork.bookings:bookings_no_overlap = warning

create extension btree_gist;
create role cowork_app nologin;
create schema cowork;
grant usage on schema cowork to cowork_app;
create table cowork.bookings (
    tenant_id uuid not null,
    booking_id bigint generated always as identity,
    desk text not null,
    during tstzrange not null,
    primary key (tenant_id, booking_id),
    constraint bookings_no_overlap exclude using gist (desk with =, during with &&) --!
);
alter table cowork.bookings enable row level security;
alter table cowork.bookings force row level security;
grant select, insert on cowork.bookings to cowork_app;
create policy own on cowork.bookings to cowork_app
using (tenant_id = nullif(current_setting('cowork.tenant_id', true), '')::uuid);
