-- Wider, or stored alike, or of a new table.

-- before
create table public.t (a varchar(20), b varchar(20), c numeric(8, 2), d timestamptz(3));
alter table public.t enable row level security;
-- new
alter table public.t alter column a type text, alter column b type varchar(200);
alter table public.t alter column c type numeric(12, 2), alter column d type timestamptz;
create table private.n (id bigint);
alter table private.n alter column id type integer;
