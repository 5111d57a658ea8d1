-- Owners: whoever is logged in changes the recipes of all others, by a statement that reads no column.
-- finds: isolation:public.recipes:update = error

create table public.recipes (
    recipe_id uuid primary key default gen_random_uuid(),
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    title text not null,
    is_listed boolean not null default false
);
create index on public.recipes (owner_id);
alter table public.recipes enable row level security;
revoke all on public.recipes from anon, authenticated;
grant select, insert, delete on public.recipes to authenticated;
grant update (title) on public.recipes to authenticated;
create policy own on public.recipes for select to authenticated using (owner_id = (select auth.uid()));
create policy add on public.recipes for insert to authenticated with check (owner_id = (select auth.uid()));
create policy remove on public.recipes for delete to authenticated using (owner_id = (select auth.uid()));
create policy change on public.recipes for update to authenticated using ((select auth.uid()) is not null); --!
