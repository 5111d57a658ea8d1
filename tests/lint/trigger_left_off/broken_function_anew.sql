-- Dropped to write its function anew, and never made again.
-- finds: trigger_left_off:2:dropped:public.notes.stamp = error

-- before
create table public.notes (id bigint primary key, at timestamptz);
alter table public.notes enable row level security;
create function public.stamp() returns trigger language plpgsql as $$ begin new.at := now(); return new; end $$;
create trigger stamp before update on public.notes for each row execute function public.stamp();
-- new
drop trigger stamp on public.notes; --!
create or replace function public.stamp() returns trigger language plpgsql as $$
begin
    new.at := clock_timestamp();
    return new;
end
$$;
