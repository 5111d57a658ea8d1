-- Settings: members alone may enter a team, but the setting stays on the connection: a guess, as no call of it gets in.
-- platform: plain
-- finds: sessions:team.enter(uuid) = warning

create role team_app nologin;
create schema team;
grant usage on schema team to team_app;
create table team.members (
    team_id uuid not null,
    user_id uuid not null,
    primary key (team_id, user_id)
);
create table team.files (
    team_id uuid not null,
    file_id bigint generated always as identity,
    name text not null,
    primary key (team_id, file_id)
);
alter table team.members enable row level security;
alter table team.members force row level security;
alter table team.files enable row level security;
alter table team.files force row level security;
create policy own on team.members for select to team_app
using (user_id = nullif(current_setting('team.user_id', true), '')::uuid);
create policy entered on team.files to team_app
using (
    team_id = nullif(current_setting('team.team_id', true), '')::uuid and team_id in (
        select m.team_id from team.members as m where m.user_id = nullif(current_setting('team.user_id', true), '')::uuid
    )
);
grant select on team.members to team_app;
grant select, insert on team.files to team_app;
create function team.enter(p_team_id uuid) returns void language sql set search_path = '' --!
as $$
    select pg_catalog.set_config('team.team_id', m.team_id::text, false) from team.members as m
    where m.team_id = p_team_id and m.user_id = nullif(current_setting('team.user_id', true), '')::uuid
$$;
