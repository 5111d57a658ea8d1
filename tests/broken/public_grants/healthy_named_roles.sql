-- What is granted is granted to roles; USAGE of a schema alone opens nothing.
-- platform: plain
-- settings: schemas = ["shop"]

create schema shop;
grant usage on schema shop to public;
create table shop.items (item_id int primary key);
grant select on table shop.items to pg_monitor;
