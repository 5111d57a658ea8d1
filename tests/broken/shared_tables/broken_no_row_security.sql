-- Settings: a queue without a tenant and without row-level security, which the application empties.
-- platform: plain
-- finds: shared_tables:mail.queue = warning

create role mail_app nologin;
create schema mail;
grant usage on schema mail to mail_app;
create table mail.queue (message_id bigint primary key, body text not null); --!
create table mail.boxes (
    tenant_id uuid not null,
    box_id bigint generated always as identity,
    name text not null,
    primary key (tenant_id, box_id)
);
alter table mail.boxes enable row level security;
alter table mail.boxes force row level security;
grant select, insert, delete on mail.queue to mail_app;
grant select on mail.boxes to mail_app;
create policy own on mail.boxes to mail_app using (tenant_id = nullif(current_setting('mail.tenant_id', true), '')::uuid);
