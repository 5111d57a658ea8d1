-- Memberships: the tenant stands in what users edit themselves, in auth.users and not in the token.
-- finds: back_doors:B's auth.users.raw_user_meta_data.org_id = error

create function public.my_org() returns uuid stable security definer set search_path = '' language sql
as $$ select (u.raw_user_meta_data ->> 'org_id')::uuid from auth.users as u where u.id = auth.uid() $$;
create table public.notes (note_id uuid primary key default gen_random_uuid(), org_id uuid not null, body text not null);
alter table public.notes enable row level security;
revoke all on public.notes from anon, authenticated;
grant select on public.notes to authenticated;
create policy own on public.notes to authenticated using (org_id = (select public.my_org())); --!
