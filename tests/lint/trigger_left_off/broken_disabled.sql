-- finds: trigger_left_off:2:disabled:public.notes.stamp = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create function public.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger stamp before update on public.notes for each row execute function public.stamp();
-- new
alter table public.notes disable trigger stamp; --!
