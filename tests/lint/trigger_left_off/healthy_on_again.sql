-- On again in the same set, by its name or all; dropped and made again.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create function public.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger stamp before update on public.notes for each row execute function public.stamp();
create trigger other before insert on public.notes for each row execute function public.stamp();
-- new
alter table public.notes disable trigger stamp;
update public.notes set status = 'open' where id = 1;
alter table public.notes enable trigger stamp;
alter table public.notes disable trigger user;
alter table public.notes enable trigger user;
drop trigger other on public.notes;
create trigger other before insert or update on public.notes for each row execute function public.stamp();
