-- A column, with all that it holds, goes with its type.
-- finds: cascade_drop:2:public.mood = error

-- before
create type public.mood as enum ('good', 'bad');
create table public.days (day date primary key, mood public.mood);
alter table public.days enable row level security;
-- new
drop type public.mood cascade; --!
