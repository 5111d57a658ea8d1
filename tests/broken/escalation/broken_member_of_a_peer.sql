-- Settings: each region has a role of its own, in no group; one is a member of another's.
-- platform: plain
-- finds: escalation:region_east:region_west = error

create role region_west nologin;
create role region_south nologin;
create role region_east nologin in role region_west; --!
create role census_reports nologin;
grant census_reports to region_south;
create schema census;
grant usage on schema census to region_west, region_east, region_south, census_reports;
create table census.households (
    region name not null default current_user,
    household_no integer not null,
    street text not null,
    primary key (region, household_no)
);
alter table census.households enable row level security;
alter table census.households force row level security;
create policy region_rows on census.households to region_west, region_east, region_south
using (region = current_user);
create policy reports on census.households for select to census_reports using (region = current_user);
grant select, insert, update, delete on census.households to region_west, region_east, region_south;
grant select on census.households to census_reports;
