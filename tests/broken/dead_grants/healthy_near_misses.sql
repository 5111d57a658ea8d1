-- Each grant is used by a policy: for all commands, for everyone, or on a column only.

create table public.notes (note_id uuid primary key, owner_id uuid, body text);
alter table public.notes enable row level security;
revoke all on table public.notes from anon, authenticated;
grant select, insert, update (body), delete on table public.notes to authenticated;
create policy own on public.notes using (owner_id = (select auth.uid()));
