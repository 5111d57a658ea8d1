-- Owners: the foreign key is a plain one, and the policy looks whose the parent is.

create table public.albums (
    album_id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null
);
create index on public.albums (owner_id);
create table public.photos (
    photo_id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    album_id uuid not null references public.albums on delete cascade,
    path text not null
);
create index on public.photos (owner_id);
create index on public.photos (album_id);
alter table public.albums enable row level security;
alter table public.photos enable row level security;
revoke all on public.albums, public.photos from anon, authenticated;
grant select, insert on public.albums, public.photos to authenticated;
create policy own on public.albums to authenticated using (owner_id = (select auth.uid()));
create policy own on public.photos to authenticated
using (
    owner_id = (select auth.uid())
    and album_id in (select a.album_id from public.albums as a where a.owner_id = (select auth.uid()))
);
