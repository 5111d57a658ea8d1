-- Settings: nothing is granted to anybody, so that the application must be the owner, whom the policy does not bind: a guess.
-- platform: plain
-- finds: ownership:app.contacts = warning

create schema app;
create table app.contacts ( --!
    tenant_id integer not null,
    contact_id integer not null,
    email text not null,
    primary key (tenant_id, contact_id)
);
alter table app.contacts enable row level security;
create policy own on app.contacts using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::integer);
