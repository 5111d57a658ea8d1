-- A role that reads the table can become one that the policies do not hold for.
-- platform: plain
-- finds: role_escalation:escalation_app:escalation_batch = error
-- finds: role_escalation:escalation_batch = warning

create role escalation_app; --!
create role escalation_batch bypassrls; --!
grant escalation_batch to escalation_app;
create table public.notes (note_id int primary key);
grant select on table public.notes to escalation_app;
