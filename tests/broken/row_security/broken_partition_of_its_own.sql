-- The parent is guarded, but a partition can be asked directly.
-- finds: row_security:public.events_2026:enable = error

create table public.events (event_id bigint, at date, primary key (event_id, at)) partition by range (at);
create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01'); --!
alter table public.events enable row level security;
alter table public.events force row level security;
