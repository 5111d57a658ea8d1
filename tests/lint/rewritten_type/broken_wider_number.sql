-- finds: rewritten_type:2:public.t.id = warning

-- before
create table public.t (id integer primary key);
alter table public.t enable row level security;
-- new
alter table public.t alter column id type bigint; --!
