-- The index was made on the partitioned table only, so that it is invalid until the partition has one attached.
-- platform: plain
-- finds: invalid_indexes:public.events_kind_idx = error

create table public.events (event_id bigint, at date, kind text, primary key (event_id, at)) partition by range (at);
create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
create index events_kind_idx on only public.events (kind); --!
