create type public.mood as enum ('good', 'fair', 'bad');
create table public.people (
    id integer primary key,
    first_name text not null,
    last_name text not null,
    email text not null unique,
    note text,
    score numeric,
    small integer,
    code varchar(6),
    mood public.mood,
    state text not null default 'open' constraint state_is_known check (state in ('open', 'done', 'closed'))
);
create table public.visits (
    id integer primary key,
    person_id integer not null references public.people on delete cascade,
    reason text
);
create table public.numbers (id serial primary key, title text);
create table public.touched (id integer primary key, title text not null, updated_at timestamptz not null default now());
create function public.touch() returns trigger language plpgsql as $$
begin
    new.updated_at := clock_timestamp();
    return new;
end
$$;
create trigger touches before update on public.touched for each row execute function public.touch();
insert into public.numbers (title) values ('one'), ('two');
create table public.nested (id integer primary key, title text not null, updated_at timestamptz not null default now());
create function public.stamped(given public.nested) returns public.nested language plpgsql as $$
begin
    given.updated_at := clock_timestamp();
    return given;
end
$$;
create function public.touch_nested() returns trigger language plpgsql as $$
begin
    return public.stamped(new);
end
$$;
create trigger touches before update on public.nested for each row execute function public.touch_nested();
create table public.logged (id integer primary key, title text not null);
create table public.log (id bigint generated always as identity primary key, about integer not null, at timestamptz default now());
create function public.write_log() returns trigger language plpgsql as $$
begin
    insert into public.log (about) values (new.id);
    return null;
end
$$;
create trigger logs after insert or update on public.logged for each row execute function public.write_log();
create table public.parted (id integer, kind text not null, primary key (id, kind)) partition by list (kind);
create table public.parted_a partition of public.parted for values in ('a');
create table public.parted_b partition of public.parted for values in ('b');
