-- Settings: a domain, a generated column, a partitioned table and a trigger that refuses only what is wrong.
-- platform: plain

create role app_user nologin;
create schema app;
grant usage on schema app to app_user;
create domain app.percentage as numeric(5, 2) check (value between 0 and 100);
create table app.items (
    tenant_id integer not null,
    item_id integer generated always as identity,
    made_on date not null,
    duty app.percentage not null,
    price numeric(10, 2) not null check (price >= 0),
    with_duty numeric generated always as (price * (1 + duty / 100)) stored,
    primary key (tenant_id, item_id, made_on)
) partition by range (made_on);
create table app.items_old partition of app.items for values from (minvalue) to ('2026-01-01');
create table app.items_new partition of app.items for values from ('2026-01-01') to (maxvalue);
create function app.check_price() returns trigger language plpgsql set search_path = ''
as $$
begin
    if new.duty > 50 and new.price = 0 then
        raise exception 'what is free pays no duty' using errcode = 'P0001';
    end if;
    return new;
end
$$;
create trigger check_price before insert or update on app.items for each row execute function app.check_price();
alter table app.items enable row level security;
alter table app.items force row level security;
grant select, insert, update on app.items to app_user;
create policy own on app.items to app_user using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::integer);
