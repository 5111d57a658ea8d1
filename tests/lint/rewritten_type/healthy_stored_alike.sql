-- The catalogue alone is changed; an enum under its other name; a new table.

-- before
create type public.mood as enum ('good');
create table public.t (a varchar(20), b varchar(20), c mood);
alter table public.t enable row level security;
-- new
alter table public.t alter column a type text, alter column b type varchar(21), alter column c type public.mood;
create table private.n (id integer);
alter table private.n alter column id type bigint;
