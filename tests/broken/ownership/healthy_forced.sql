-- Settings: the application owns the tables, and row-level security is forced on it.
-- platform: plain

create role crm_app nologin;
create schema crm authorization crm_app;
create table crm.leads (
    tenant_id uuid not null,
    lead_id bigint generated always as identity,
    name text not null,
    primary key (tenant_id, lead_id)
);
alter table crm.leads owner to crm_app;
alter table crm.leads enable row level security;
alter table crm.leads force row level security;
create policy own on crm.leads using (tenant_id = nullif(current_setting('crm.tenant_id', true), '')::uuid);
