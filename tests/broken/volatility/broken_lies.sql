-- STABLE ones that write themselves or by another, IMMUTABLE ones that read: tables, the clock, the caller in a policy.
-- finds: volatility:public.add() = error
-- finds: volatility:public.adds() = warning
-- finds: volatility:public.draw() = warning
-- finds: volatility:public.me() = error
-- finds: volatility:public.size() = warning
-- finds: volatility:public.today() = warning

create table public.notes (note_id uuid primary key, owner_id uuid);
create function public.add() returns void language plpgsql stable set search_path = '' --!
as $$ begin insert into public.notes (note_id) values (gen_random_uuid()); end $$;
create function public.really_add() returns void language sql set search_path = ''
as $$ insert into public.notes (note_id) values (gen_random_uuid()) $$;
create function public.adds() returns void language sql stable set search_path = '' as $$ select public.really_add() $$; --!
create function public.draw() returns float language sql stable set search_path = '' as $$ select random() $$; --!
create function public.me() returns uuid language sql immutable set search_path = '' as $$ select auth.uid() $$; --!
alter table public.notes enable row level security;
create policy own on public.notes using (owner_id = public.me());
create function public.size() returns bigint language sql immutable set search_path = '' --!
as $$ select count(*) from public.notes $$;
create function public.today() returns date language plpgsql immutable set search_path = '' --!
as $$ begin return now()::date; end $$;
