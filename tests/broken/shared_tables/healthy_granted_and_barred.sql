-- Settings: a shared table whose writing is granted, and let through by no policy.
-- platform: plain

create role tax_app nologin;
create schema tax;
grant usage on schema tax to tax_app;
create table tax.rates (rate_id integer primary key, percent numeric(5, 2) not null);
create table tax.bills (
    tenant_id uuid not null,
    bill_id bigint generated always as identity,
    rate_id integer not null references tax.rates,
    primary key (tenant_id, bill_id)
);
create index on tax.bills (rate_id);
alter table tax.rates enable row level security;
alter table tax.rates force row level security;
alter table tax.bills enable row level security;
alter table tax.bills force row level security;
grant select, insert, update, delete on tax.rates, tax.bills to tax_app;
create policy read on tax.rates for select to tax_app using (true);
create policy own on tax.bills to tax_app using (tenant_id = nullif(current_setting('tax.tenant_id', true), '')::uuid);
