-- Whether the block comes to it, the text cannot tell.
-- finds: enum_value_used:2:paused:public.state = warning

-- before
create type public.state as enum ('on', 'off');
create table public.jobs (id bigint primary key, state public.state not null);
alter table public.jobs enable row level security;
-- new
alter type public.state add value 'paused'; --!
do $$
begin
    if exists (select from public.jobs) then
        insert into public.jobs (id, state) values (1, 'paused');
    end if;
end
$$;
