-- platform: plain
-- finds: open_table:2:public.more = warning
-- also: open_grant:2:public:public.more = warning

-- before
create table public.notes (id bigint primary key);
alter table public.notes enable row level security;
-- new
create table public.more (id bigint primary key); --!
grant select on public.more to public;
