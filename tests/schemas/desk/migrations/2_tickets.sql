create table desk.tickets (
    tenant_id uuid not null,
    ticket_id bigint generated always as identity,
    body text not null,
    constraint tickets_pkey primary key (tenant_id, ticket_id)
);

create function desk.current_tenant_id()
returns uuid
language sql
stable
as $$ select nullif(current_setting('desk.tenant_id', true), '')::uuid $$;

alter table desk.tickets enable row level security;
alter table desk.tickets force row level security;

create policy all_user on desk.tickets to desk_user
using (tenant_id = (select desk.current_tenant_id()));

grant select, insert, update, delete on desk.tickets to desk_user;

-- What is made from here on is closed until it is granted.
alter default privileges revoke execute on functions from public;
