-- Granted on purpose without a policy, with a restrictive one only, and by the platform's defaults.
-- finds: policyless_tables:public.notes = warning
-- finds: policyless_tables:public.drafts = warning
-- finds: policyless_tables:public.letters = note

create table public.notes (note_id uuid primary key); --!
alter table public.notes enable row level security;
revoke all on table public.notes from anon, authenticated;
grant select on table public.notes to authenticated;
create table public.drafts (draft_id uuid primary key); --!
alter table public.drafts enable row level security;
create policy narrow on public.drafts as restrictive to authenticated using (true);
create table public.letters (letter_id uuid primary key); --!
alter table public.letters enable row level security;
