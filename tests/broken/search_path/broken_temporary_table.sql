-- Settings: a path without pg_temp searches temporary tables first, and the caller makes a table of grants.
-- platform: plain
-- finds: search_path:dms.document_body(uuid) = error
-- also: definer_path:dms.document_body(uuid) = error

create role dms_app nologin;
create schema dms;
grant usage on schema dms to dms_app;
create table dms.documents (
    tenant_id uuid not null,
    document_id uuid default gen_random_uuid(),
    body text not null,
    primary key (tenant_id, document_id)
);
alter table dms.documents enable row level security;
alter table dms.documents force row level security;
create policy own on dms.documents to dms_app
using (tenant_id = nullif(current_setting('dms.tenant_id', true), '')::uuid);
grant select on dms.documents to dms_app;
create function dms.document_body(p_document_id uuid) returns text --!
language plpgsql stable security definer set search_path = dms
as $$
begin
    return (
        select d.body from documents as d
        where d.document_id = p_document_id and d.tenant_id = nullif(current_setting('dms.tenant_id', true), '')::uuid
    );
end
$$;
revoke execute on function dms.document_body(uuid) from public;
grant execute on function dms.document_body(uuid) to dms_app;
