-- Docks are booked, none of them twice at once. Locks: none beyond the new objects.
create table depot.docks (
    tenant_id uuid not null default depot.tenant_id(),
    dock_id integer generated always as identity,
    name text not null,
    primary key (tenant_id, dock_id),
    unique (tenant_id, name)
);

create table depot.bookings (
    tenant_id uuid not null default depot.tenant_id(),
    booking_id bigint generated always as identity,
    dock_id integer not null,
    during tstzrange not null check (not isempty(during)),
    carrier text,
    primary key (tenant_id, booking_id),
    foreign key (tenant_id, dock_id) references depot.docks (tenant_id, dock_id) on delete cascade,
    constraint bookings_do_not_overlap exclude using gist (tenant_id with =, dock_id with =, during with &&)
);
create index bookings_dock_idx on depot.bookings (tenant_id, dock_id);

alter table depot.docks enable row level security;
alter table depot.docks force row level security;
alter table depot.bookings enable row level security;
alter table depot.bookings force row level security;
create policy all_app on depot.docks to depot_app using (tenant_id = (select depot.tenant_id()));
create policy all_app on depot.bookings to depot_app using (tenant_id = (select depot.tenant_id()));
grant select, insert, update, delete on table depot.docks, depot.bookings to depot_app;
