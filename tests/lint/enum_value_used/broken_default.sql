-- The new value becomes the default of a column; a DO block guards the ALTER TYPE, which changes nothing.
-- finds: enum_value_used:2:paused:public.state = error

-- before
create type public.state as enum ('on', 'off');
create table public.jobs (id bigint primary key, state public.state not null);
alter table public.jobs enable row level security;
-- new
do $$
begin
    alter type public.state add value 'paused'; --!
exception
    when duplicate_object then null;
end
$$;
alter table public.jobs alter column state set default 'paused'::public.state;
