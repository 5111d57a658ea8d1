-- A function that uses the value is called; to create it alone would do no harm.
-- finds: enum_value_used:2:paused:public.state = warning

-- before
create type public.state as enum ('on', 'off');
create table public.jobs (id bigint primary key, state public.state not null);
alter table public.jobs enable row level security;
create function public.pause() returns void language plpgsql as $$
begin
    update public.jobs set state = 'paused';
end
$$;
-- new
alter type public.state add value if not exists 'paused'; --!
select public.pause();
