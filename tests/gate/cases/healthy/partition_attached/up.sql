-- The gentle form: a table of its own, closed, with the bound as a check, then ATTACH, which takes SHARE UPDATE EXCLUSIVE on the parent and scans nothing.
create table public.events_2028 (like public.events including defaults including generated);
alter table public.events_2028 add constraint events_2028_bound
  check (occurred_at >= '2028-01-01 00:00:00+00' and occurred_at < '2029-01-01 00:00:00+00');
revoke all on public.events_2028 from anon, authenticated;
alter table public.events_2028 enable row level security;
alter table public.events_2028 force row level security;
alter table public.events attach partition public.events_2028
  for values from ('2028-01-01 00:00:00+00') to ('2029-01-01 00:00:00+00');
alter table public.events_2028 drop constraint events_2028_bound;
