-- Dropped, and made again without the option.
-- finds: view_without_invoker:2:lost:public.few = error

-- before
create table public.notes (id bigint primary key, status text);
alter table public.notes enable row level security;
create view public.few with (security_invoker = true) as select id from public.notes;
-- new
drop view public.few;
create view public.few as select status, id from public.notes; --!
