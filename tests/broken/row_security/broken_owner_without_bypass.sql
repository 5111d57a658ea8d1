-- The owner is an ordinary role, which row-level security does not hold for unless it is forced.
-- platform: plain
-- settings: schemas = ["row_security_app"]
-- finds: row_security:row_security_app.notes:force = warning

create schema row_security_app;
create table row_security_app.notes (note_id int primary key); --!
alter table row_security_app.notes enable row level security;
alter table row_security_app.notes owner to pg_database_owner;
