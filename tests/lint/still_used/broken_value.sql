-- A value of an enumerated type gets another name, and a body may still write the old one.
-- finds: still_used:2:renamed:public.state.off = warning

-- before
create type public.state as enum ('on', 'off');
create table public.jobs (id bigint primary key, state public.state not null, word text);
alter table public.jobs enable row level security;
create function public.stop() returns void language plpgsql as $$
begin
    update public.jobs set state = 'off';
end
$$;
create function public.go() returns void language sql as $$ update public.jobs set state = 'on' $$;
-- new
alter type public.state rename value 'off' to 'stopped'; --!
