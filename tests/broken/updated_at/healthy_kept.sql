-- Kept by a trigger of the table or its partitioned parent, by one that takes the column's name, or generated.
-- platform: plain

create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at = now(); return new; end $$;
create function public.touch_any() returns trigger language plpgsql
as $$ begin return new #= hstore(tg_argv[0], now()::text); end $$;
create table public.a (a_id int, updated_at timestamptz, primary key (a_id)) partition by range (a_id);
create table public.a_1 partition of public.a for values from (1) to (2);
create trigger touch before update on public.a for each row execute function public.touch();
create table public.b (b_id int primary key, modified_at timestamptz);
create trigger touch before insert or update on public.b for each row execute function public.touch_any('modified_at');
create table public.c (c_id int primary key, at int, updated_at int generated always as (at) stored);
