-- Settings: a table that the committed matrix does not know is for the other checks to look at.
-- platform: plain
-- settings: behaviour = "behaviour.json"

create role book_app nologin;
create schema book;
grant usage on schema book to book_app;
create table book.entries (
    tenant_id uuid not null,
    entry_id bigint generated always as identity,
    body text not null,
    primary key (tenant_id, entry_id)
);
create table book.drafts (
    tenant_id uuid not null,
    draft_id bigint generated always as identity,
    body text not null,
    primary key (tenant_id, draft_id)
);
alter table book.entries enable row level security;
alter table book.entries force row level security;
alter table book.drafts enable row level security;
alter table book.drafts force row level security;
grant select, insert on book.entries to book_app;
grant select, insert, update on book.drafts to book_app;
create policy own on book.entries to book_app
using (tenant_id = nullif(current_setting('book.tenant_id', true), '')::uuid);
create policy own on book.drafts to book_app
using (tenant_id = nullif(current_setting('book.tenant_id', true), '')::uuid);
