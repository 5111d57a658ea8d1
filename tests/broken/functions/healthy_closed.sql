-- Settings: a function that trusts its argument is for the operator's role alone, who bypasses the policies anyway.
-- platform: plain

create role dir_app nologin;
create role dir_operator nologin bypassrls;
create schema dir;
grant usage on schema dir to dir_app, dir_operator;
create table dir.users (
    tenant_id uuid not null,
    user_id bigint generated always as identity,
    email text not null,
    primary key (tenant_id, user_id)
);
alter table dir.users enable row level security;
alter table dir.users force row level security;
create policy own on dir.users to dir_app using (tenant_id = nullif(current_setting('dir.tenant_id', true), '')::uuid);
grant select on dir.users to dir_app, dir_operator;
create function dir.purge(p_tenant_id uuid) returns void language sql security definer set search_path = ''
as $$ delete from dir.users as u where u.tenant_id = p_tenant_id $$;
create function dir.my_users() returns setof dir.users language sql stable security definer set search_path = ''
as $$ select * from dir.users as u where u.tenant_id = nullif(current_setting('dir.tenant_id', true), '')::uuid $$;
revoke execute on all functions in schema dir from public;
grant execute on function dir.purge(uuid) to dir_operator;
grant execute on function dir.my_users() to dir_app;
