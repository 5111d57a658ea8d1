-- Memberships: the tables' owner is an ordinary role and is forced; requests come as another.
-- platform: plain

create role vault_owner nologin;
create role vault_app nologin;
create schema vault_app authorization vault_owner;
grant usage on schema vault_app to vault_app;
create table vault_app.members (
    org_id integer not null,
    user_id integer not null,
    primary key (org_id, user_id)
);
create table vault_app.files (
    org_id integer not null,
    file_id integer not null,
    name text not null,
    primary key (org_id, file_id)
);
alter table vault_app.members owner to vault_owner;
alter table vault_app.files owner to vault_owner;
alter table vault_app.members enable row level security;
alter table vault_app.members force row level security;
alter table vault_app.files enable row level security;
alter table vault_app.files force row level security;
create policy own on vault_app.members for select
using (user_id = nullif(current_setting('vault.user_id', true), '')::integer);
create policy member on vault_app.files
using (
    org_id in (
        select m.org_id from vault_app.members as m
        where m.user_id = nullif(current_setting('vault.user_id', true), '')::integer
    )
);
grant select on vault_app.members to vault_app;
grant select, insert, update, delete on vault_app.files to vault_app;
