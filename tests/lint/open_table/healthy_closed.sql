-- Guarded, if only later in the set; revoked; in a schema of no default privileges; temporary.

-- new
create table public.notes (id bigint primary key);
alter table public.notes enable row level security;
create table public.codes (id bigint primary key);
revoke all on public.codes from anon, authenticated;
create table private.keys (id bigint primary key);
create temporary table scratch (id bigint);
create table public.late (id bigint primary key);
-- new
do $$
begin
    execute 'alter table public.late enable row level security';
end
$$;
