-- A key, an identity of its own for what is published without one, and partitions that have their parent's.
-- platform: plain

create table public.scores (player text primary key, points int);
create table public.codes (code text primary key);
alter table public.codes replica identity full;
create publication changes for table public.scores, public.codes;
create table public.events (event_id bigint, at date, primary key (event_id, at)) partition by range (at);
create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
