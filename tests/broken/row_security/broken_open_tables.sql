-- A table that anyone writes, one whose policies do nothing, one that is only read, one that nobody reaches.
-- finds: row_security:public.notes:enable = error
-- finds: row_security:public.drafts:enable = error
-- finds: row_security:public.countries:enable = warning
-- finds: row_security:public.internals:enable = note

create table public.notes (note_id uuid primary key, body text); --!
create table public.drafts (draft_id uuid primary key, owner_id uuid); --!
revoke all on table public.drafts from anon, authenticated;
grant select on table public.drafts to authenticated;
create policy own on public.drafts for select to authenticated using (owner_id = (select auth.uid()));
create table public.countries (code text primary key); --!
revoke all on table public.countries from anon, authenticated;
grant select on table public.countries to anon;
create table public.internals (key text primary key); --!
revoke all on table public.internals from anon, authenticated;
