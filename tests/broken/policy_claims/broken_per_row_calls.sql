-- The claim, a helper without arguments and a setting are read anew for each row, in a correlated sub-select too.
-- finds: policy_claims:public.notes = warning
-- finds: policy_claims:public.drafts = warning
-- finds: policy_claims:public.letters = warning

create function public.is_admin() returns boolean language sql stable set search_path = ''
as $$ select exists (select from auth.users where id = auth.uid() and is_super_admin) $$;
create table public.members (team_id uuid, user_id uuid, primary key (team_id, user_id));
create table public.notes (note_id uuid primary key, owner_id uuid);
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated --!
    using (owner_id = auth.uid() or public.is_admin());
create table public.drafts (draft_id uuid primary key, tenant text);
alter table public.drafts enable row level security;
create policy own on public.drafts using (tenant = current_setting('app.tenant', true)); --!
create table public.letters (letter_id uuid primary key, team_id uuid);
alter table public.letters enable row level security;
create policy own on public.letters using ( --!
    exists (select from public.members where members.team_id = letters.team_id and members.user_id = auth.uid())
);
