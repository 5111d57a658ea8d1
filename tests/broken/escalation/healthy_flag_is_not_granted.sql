-- Owners: administrators are told by a column that users may not update.

create table public.profiles (
    user_id uuid primary key references auth.users on delete cascade,
    nickname text not null,
    is_admin boolean not null default false
);
create table public.messages (
    message_id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    body text not null
);
create index on public.messages (owner_id);
alter table public.profiles enable row level security;
alter table public.messages enable row level security;
revoke all on public.profiles, public.messages from anon, authenticated;
grant select, update (nickname) on public.profiles to authenticated;
grant select, insert on public.messages to authenticated;
create policy own on public.profiles for select to authenticated using (user_id = (select auth.uid()));
create policy change on public.profiles for update to authenticated using (user_id = (select auth.uid()));
create policy own on public.messages to authenticated using (owner_id = (select auth.uid()));
create policy admin on public.messages for select to authenticated
using (exists (select from public.profiles as p where p.user_id = (select auth.uid()) and p.is_admin));
