-- Owners: a user gives himself a share of anybody's diary: the policy looks at the reader and not at the owner.
-- finds: memberships:public.shares:self-made = error

create table public.diaries (
    diary_id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null
);
create index on public.diaries (owner_id);
create table public.shares (
    diary_id uuid not null references public.diaries on delete cascade,
    reader_id uuid not null references auth.users on delete cascade,
    primary key (diary_id, reader_id)
);
create index on public.shares (reader_id);
create table public.entries (
    entry_id uuid primary key default gen_random_uuid(),
    diary_id uuid not null references public.diaries on delete cascade,
    body text not null
);
create index on public.entries (diary_id);
alter table public.diaries enable row level security;
alter table public.shares enable row level security;
alter table public.entries enable row level security;
revoke all on all tables in schema public from anon, authenticated;
grant select, insert on public.diaries, public.shares, public.entries to authenticated;

create policy own on public.diaries to authenticated using (owner_id = (select auth.uid()));
create policy mine on public.shares for select to authenticated using (reader_id = (select auth.uid()));
create policy give on public.shares for insert to authenticated with check (reader_id = (select auth.uid())); --!
create policy own on public.entries to authenticated
using (diary_id in (select d.diary_id from public.diaries as d where d.owner_id = (select auth.uid())));
create policy shared on public.entries for select to authenticated
using (diary_id in (select s.diary_id from public.shares as s where s.reader_id = (select auth.uid())));
