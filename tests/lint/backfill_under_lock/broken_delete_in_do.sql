-- finds: backfill_under_lock:2:public.notes = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
alter table public.notes alter column status set default 'open';
do $$
begin
    delete from public.notes where status = 'gone'; --!
end
$$;
