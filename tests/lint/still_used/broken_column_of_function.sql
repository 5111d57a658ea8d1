-- A body that is a string: PostgreSQL lets the column go.
-- finds: still_used:2:renamed:public.notes.body = error
-- also: renamed:2:public.notes.body = error

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create function public.first() returns text language plpgsql as $$
declare
    found text;
begin
    select n.body into found from public.notes as n order by n.at limit 1;
    return found;
end
$$;
-- new
alter table public.notes rename column body to content; --!
