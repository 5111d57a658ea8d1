-- Capitals, a space and a reserved word.
-- platform: plain
-- finds: quoted_identifiers:public = note

create table public."Orders" (id int primary key, "createdAt" timestamptz, "order" int); --!
create table public.items (item_id int primary key);
