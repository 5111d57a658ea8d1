-- A view that the same change has dropped by its name and made again goes all the same.
-- finds: cascade_drop:3:public.notes = error

-- before
create table public.notes (id bigint primary key, body text);
alter table public.notes enable row level security;
create view public.bodies with (security_invoker = true) as select id, body from public.notes;
-- new
drop view public.bodies;
create view public.bodies with (security_invoker = true) as select id, body, 1 as one from public.notes;
-- new
alter table public.notes drop column body cascade; --!
