-- Settings: an empty path and full names; pg_temp last; a body that was bound when it was made.
-- platform: plain

create role dms_app nologin;
create schema dms;
grant usage on schema dms to dms_app;
create table dms.documents (
    tenant_id uuid not null,
    document_id uuid default gen_random_uuid(),
    body text not null,
    primary key (tenant_id, document_id)
);
create function dms.tenant() returns uuid language sql stable
as $$ select nullif(current_setting('dms.tenant_id', true), '')::uuid $$;
alter table dms.documents enable row level security;
alter table dms.documents force row level security;
create policy own on dms.documents to dms_app using (tenant_id = (select dms.tenant()));
grant select on dms.documents to dms_app;
create function dms.one(p_document_id uuid) returns text language plpgsql stable security definer set search_path = ''
as $$
begin
    return (select d.body from dms.documents as d where d.document_id = p_document_id and d.tenant_id = dms.tenant());
end
$$;
create function dms.all_of_mine() returns setof text
language plpgsql stable security definer set search_path = dms, pg_temp
as $$ begin return query select d.body from documents as d where d.tenant_id = tenant(); end $$;
create function dms.number() returns bigint language sql stable security definer
return (select count(*) from dms.documents as d where d.tenant_id = dms.tenant());
