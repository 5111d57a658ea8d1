-- Settings: the function's path begins with a schema in which the application may create functions.
-- platform: plain
-- finds: search_path:notes.secret_notes() = error

create role notes_app nologin;
create schema notes;
create schema plugins;
grant usage on schema notes to notes_app;
grant usage, create on schema plugins to notes_app;
create table notes.notes (
    org_id uuid not null,
    note_id bigint generated always as identity,
    body text not null,
    primary key (org_id, note_id)
);
create function notes.current_org() returns uuid language sql stable
as $$ select nullif(current_setting('notes.org_id', true), '')::uuid $$;
alter table notes.notes enable row level security;
alter table notes.notes force row level security;
create policy own on notes.notes to notes_app using (org_id = (select notes.current_org()));
grant select on notes.notes to notes_app;
create function notes.secret_notes() returns setof text --!
language plpgsql stable security definer set search_path = plugins, notes, pg_temp
as $$ begin return query select n.body from notes.notes as n where n.org_id = current_org(); end $$;
revoke execute on function notes.secret_notes() from public;
grant execute on function notes.secret_notes() to notes_app;
