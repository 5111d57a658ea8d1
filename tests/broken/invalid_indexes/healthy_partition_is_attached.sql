-- The partition's index is attached, which makes the whole valid.
-- platform: plain

create table public.events (event_id bigint, at date, kind text, primary key (event_id, at)) partition by range (at);
create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
create index events_kind_idx on only public.events (kind);
create index events_2026_kind_idx on public.events_2026 (kind);
alter index public.events_kind_idx attach partition public.events_2026_kind_idx;
