-- Settings: members may delete what, as the committed matrix says, nobody could: no other tenant's, but more than before.
-- platform: plain
-- settings: behaviour = "behaviour.json"
-- finds: behaviour:book.entries:delete = error

create role book_app nologin;
create schema book;
grant usage on schema book to book_app;
create table book.entries ( --!
    tenant_id uuid not null,
    entry_id bigint generated always as identity,
    body text not null,
    primary key (tenant_id, entry_id)
);
alter table book.entries enable row level security;
alter table book.entries force row level security;
grant select, insert, delete on book.entries to book_app;
create policy own on book.entries to book_app
using (tenant_id = nullif(current_setting('book.tenant_id', true), '')::uuid);
