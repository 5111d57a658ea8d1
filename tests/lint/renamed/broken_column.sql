-- finds: renamed:2:public.notes.body = error

-- before
create table public.notes (id bigint primary key, body text);
alter table public.notes enable row level security;
-- new
alter table public.notes rename column body to content; --!
