-- One table has the trigger, two were forgotten: one has it on INSERT, one on another column.
-- platform: plain
-- finds: updated_at:public.b.updated_at = warning
-- finds: updated_at:public.c.updated_at = warning

create function public.set_updated_at() returns trigger language plpgsql
as $$ begin new.updated_at = now(); return new; end $$;
create function public.set_name() returns trigger language plpgsql as $$ begin new.name = 'x'; return new; end $$;
create table public.a (a_id int primary key, updated_at timestamptz);
create trigger set_updated_at before update on public.a for each row execute function public.set_updated_at();
create table public.b (
    b_id int primary key,
    updated_at timestamptz --!
);
create trigger set_updated_at before insert on public.b for each row execute function public.set_updated_at();
create table public.c (
    c_id int primary key,
    name text,
    updated_at timestamptz --!
);
create trigger set_name before update on public.c for each row execute function public.set_name();
