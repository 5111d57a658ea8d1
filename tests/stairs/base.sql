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
