-- Settings: one sequence counts for all tenants, and the application may reset it.
-- platform: plain
-- finds: privileges:acct.invoice_no_seq:acct_app = error

create role acct_app nologin;
create schema acct;
grant usage on schema acct to acct_app;
create sequence acct.invoice_no_seq;
create table acct.invoices (
    tenant_id uuid not null,
    invoice_no bigint not null default nextval('acct.invoice_no_seq'),
    total numeric(12, 2) not null,
    primary key (tenant_id, invoice_no)
);
alter table acct.invoices enable row level security;
alter table acct.invoices force row level security;
create policy own on acct.invoices to acct_app
using (tenant_id = nullif(current_setting('acct.tenant_id', true), '')::uuid);
grant select, insert on acct.invoices to acct_app;
grant all on sequence acct.invoice_no_seq to acct_app; --!
