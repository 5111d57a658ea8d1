-- Words that only types or clauses reserve need no quotes as names of columns.
-- platform: plain

create table public.events (event_id int primary key, position int, time timestamptz, name text, value text, _x1 int);
