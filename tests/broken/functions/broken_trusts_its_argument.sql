-- Settings: a procedure keeps EXECUTE for PUBLIC and believes which tenant it is told; a function returns another one's rows.
-- platform: plain
-- finds: functions:dir.purge(uuid):reach = error
-- finds: functions:dir.users_of(uuid):reach = error

create role dir_app nologin;
create schema dir;
grant usage on schema dir to dir_app;
create table dir.users (
    tenant_id uuid not null,
    user_id bigint generated always as identity,
    email text not null,
    primary key (tenant_id, user_id)
);
alter table dir.users enable row level security;
alter table dir.users force row level security;
create policy own on dir.users to dir_app using (tenant_id = nullif(current_setting('dir.tenant_id', true), '')::uuid);
grant select on dir.users to dir_app;
create procedure dir.purge(p_tenant_id uuid) language sql security definer set search_path = '' --!
as $$ delete from dir.users as u where u.tenant_id = p_tenant_id $$;
create function dir.users_of(p_tenant_id uuid) returns setof dir.users --!
language sql stable security definer set search_path = ''
as $$ select * from dir.users as u where u.tenant_id = p_tenant_id $$;
revoke execute on function dir.users_of(uuid) from public;
grant execute on function dir.users_of(uuid) to dir_app;
