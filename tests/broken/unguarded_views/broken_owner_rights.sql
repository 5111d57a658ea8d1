-- Views with their owner's rights, one over another, one that asks who reads; a materialised view; addresses of users.
-- finds: unguarded_views:public.all_notes = warning
-- finds: unguarded_views:public.counts = warning
-- finds: unguarded_views:public.my_notes = note
-- finds: unguarded_views:public.old_notes = warning
-- finds: unguarded_views:public.people = error
-- finds: unguarded_views:public.authors = warning

create table public.notes (note_id uuid primary key, owner_id uuid);
alter table public.notes enable row level security;
create view public.all_notes as select * from public.notes; --!
create view public.counts as select owner_id, count(*) from public.all_notes group by owner_id; --!
create view public.my_notes as select * from public.notes where owner_id = auth.uid(); --!
create materialized view public.old_notes as select * from public.notes; --!
create view public.people as select u.id, u.email as address from auth.users as u; --!
create view public.authors as select u.id, u.created_at from auth.users as u where u.email is not null; --!
