-- finds: still_used:2:dropped:public.notes.status = error

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create function public.stamp() returns trigger language plpgsql as $$
begin
    new.status := coalesce(new.status, 'open');
    return new;
end
$$;
create trigger stamp before insert on public.notes for each row execute function public.stamp();
-- new
alter table public.notes drop column status; --!
