-- Settings: the application role owns the tables, and row-level security is enabled but not forced.
-- platform: plain
-- finds: ownership:crm.leads = error
-- finds: ownership:crm.notes = error

create role crm_app nologin;
create schema crm authorization crm_app;
create table crm.leads ( --!
    tenant_id uuid not null,
    lead_id bigint generated always as identity,
    name text not null,
    primary key (tenant_id, lead_id)
);
create table crm.notes ( --!
    tenant_id uuid not null,
    note_id bigint generated always as identity,
    lead_id bigint not null,
    body text not null,
    primary key (tenant_id, note_id),
    foreign key (tenant_id, lead_id) references crm.leads on delete cascade
);
alter table crm.leads owner to crm_app;
alter table crm.notes owner to crm_app;
alter table crm.leads enable row level security;
alter table crm.notes enable row level security;
create policy own on crm.leads using (tenant_id = nullif(current_setting('crm.tenant_id', true), '')::uuid);
create policy own on crm.notes using (tenant_id = nullif(current_setting('crm.tenant_id', true), '')::uuid);
