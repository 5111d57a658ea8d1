-- Everyone may read a table and a column of another, and make objects in the schema.
-- platform: plain
-- settings: schemas = ["shop"]
-- finds: public_grants:shop = warning
-- finds: public_grants:shop.items = warning
-- finds: public_grants:shop.orders = warning

create schema shop;
grant create on schema shop to public; --!
create table shop.items (item_id int primary key);
grant select, insert on table shop.items to public; --!
create table shop.orders (order_id int primary key, total int); --!
grant select (total) on table shop.orders to public;
