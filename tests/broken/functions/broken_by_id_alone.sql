-- Memberships: functions with their owner's rights read, change and delete a row by its id alone.
-- finds: functions:public.read_task(uuid):reach = error
-- finds: functions:public.complete_task(uuid):reach = error
-- finds: functions:public.discard_task(uuid):reach = error

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
    done boolean not null default false
);
create index on public.tasks (team_id);
alter table public.members enable row level security;
alter table public.tasks enable row level security;
create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy member on public.tasks for select to authenticated
using (team_id in (select m.team_id from public.members as m where m.user_id = (select auth.uid())));
revoke all on public.members, public.tasks from anon, authenticated;
grant select on public.members, public.tasks to authenticated;

create function public.read_task(p_task_id uuid) returns text language sql stable security definer set search_path = '' --!
as $$ select t.title from public.tasks as t where t.task_id = p_task_id $$;
create function public.complete_task(p_task_id uuid) returns void language sql security definer set search_path = '' --!
as $$ update public.tasks as t set done = not t.done where t.task_id = p_task_id $$;
create function public.discard_task(p_task_id uuid) returns void --!
language plpgsql security definer set search_path = ''
as $$ begin delete from public.tasks as t where t.task_id = p_task_id; end $$;
revoke execute on all functions in schema public from public, anon;
