-- platform: plain
-- finds: open_grant:2:public:public.notes = warning

-- before
create table public.notes (id bigint primary key);
-- new
grant select, insert on public.notes to public; --!
