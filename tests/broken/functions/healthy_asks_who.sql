-- Memberships: functions with their owner's rights look the caller's membership up; a token is its own key.

create table public.members (
    team_id uuid not null,
    user_id uuid not null references auth.users on delete cascade,
    primary key (team_id, user_id)
);
create index on public.members (user_id);
create table public.tasks (
    task_id uuid primary key default gen_random_uuid(),
    team_id uuid not null,
    title text not null,
    done boolean not null default false,
    share_token text not null unique default encode(extensions.gen_random_bytes(24), 'hex')
);
create index on public.tasks (team_id);
alter table public.members enable row level security;
alter table public.tasks enable row level security;
create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy member on public.tasks for select to authenticated
using (team_id in (select m.team_id from public.members as m where m.user_id = (select auth.uid())));
revoke all on public.members, public.tasks from anon, authenticated;
grant select on public.members to authenticated;
grant select (task_id, team_id, title, done) on public.tasks to authenticated;

create function public.complete_task(p_task_id uuid) returns boolean language plpgsql security definer set search_path = ''
as $$
begin
    update public.tasks as t set done = true
    where t.task_id = p_task_id and exists (
        select from public.members as m where m.team_id = t.team_id and m.user_id = (select auth.uid())
    );
    return found;
end
$$;
create function public.shared_task(p_token text) returns text language sql stable security definer set search_path = ''
as $$ select t.title from public.tasks as t where t.share_token = p_token $$;
create function public.tasks_by(p_column text) returns setof uuid
language plpgsql stable set search_path = ''
as $$ begin return query execute format('select task_id from public.tasks order by %I', p_column); end $$;
revoke execute on all functions in schema public from public, anon;
