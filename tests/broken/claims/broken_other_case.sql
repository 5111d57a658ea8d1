-- Settings: slugs are unique as they are written, and policies compare them in lower case.
-- platform: plain
-- finds: claims:billing.invoices = error

create role billing_app nologin;
create schema billing;
grant usage on schema billing to billing_app;
create table billing.tenants (slug text primary key, name text not null);
create table billing.invoices (
    slug text not null references billing.tenants,
    invoice_id bigint generated always as identity,
    total numeric(12, 2) not null,
    primary key (slug, invoice_id)
);
alter table billing.tenants enable row level security;
alter table billing.tenants force row level security;
alter table billing.invoices enable row level security;
alter table billing.invoices force row level security;
grant select on billing.tenants, billing.invoices to billing_app;
create policy own on billing.tenants for select to billing_app using (slug = current_setting('billing.slug', true));
create policy own on billing.invoices for select to billing_app --!
using (lower(slug) = lower(current_setting('billing.slug', true)));
