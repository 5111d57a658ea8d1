-- Memberships: what stays on the connection is a language and no tenant; policies call the platform's stable functions.

create table public.members (
    team_id uuid not null,
    user_id uuid not null references auth.users on delete cascade,
    primary key (team_id, user_id)
);
create index on public.members (user_id);
create table public.texts (
    text_id uuid primary key default gen_random_uuid(),
    team_id uuid not null,
    body text not null
);
create index on public.texts (team_id);
alter table public.members enable row level security;
alter table public.texts enable row level security;
revoke all on public.members, public.texts from anon, authenticated;
grant select on public.members, public.texts to authenticated;
create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy member on public.texts for select to authenticated
using (team_id in (select m.team_id from public.members as m where m.user_id = (select auth.uid())));
create function public.choose_language(p_language text) returns text language sql set search_path = ''
as $$ select pg_catalog.set_config('app.language', p_language, false) $$;
revoke execute on function public.choose_language(text) from public, anon;
