-- All of it is there without its entry in the ledger, if the connection is lost between the two: unlikely, a warning.
-- platform: plain
-- finds: interruption:1:again = warning

begin;
create table public.notes (note_id int); --!
commit;
