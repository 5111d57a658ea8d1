-- Settings: the new row is checked for its year and not for its tenant; the child's is not checked at all.
-- platform: plain
-- finds: isolation:ledger.journals:insert = error
-- finds: isolation:ledger.journals:update = error
-- finds: isolation:ledger.lines:insert = error

create role ledger_app nologin;
create schema ledger;
grant usage on schema ledger to ledger_app;
create function ledger.tenant() returns uuid language sql stable
as $$ select nullif(current_setting('ledger.tenant', true), '')::uuid $$;

create table ledger.journals (
    tenant_id uuid not null,
    journal_id uuid default gen_random_uuid(),
    year integer not null check (year between 2000 and 2100),
    primary key (tenant_id, journal_id)
);
create table ledger.lines (
    tenant_id uuid not null,
    line_id uuid default gen_random_uuid(),
    journal_id uuid not null,
    amount numeric(12, 2) not null,
    primary key (tenant_id, line_id),
    foreign key (tenant_id, journal_id) references ledger.journals on delete cascade
);
alter table ledger.journals enable row level security;
alter table ledger.journals force row level security;
alter table ledger.lines enable row level security;
alter table ledger.lines force row level security;
grant select, insert, update, delete on ledger.journals, ledger.lines to ledger_app;

create policy own on ledger.journals to ledger_app --!
using (tenant_id = (select ledger.tenant())) with check (year >= 2000);
create policy read on ledger.lines for select to ledger_app using (tenant_id = (select ledger.tenant()));
create policy change on ledger.lines for update to ledger_app using (tenant_id = (select ledger.tenant()));
create policy remove on ledger.lines for delete to ledger_app using (tenant_id = (select ledger.tenant()));
create policy add on ledger.lines for insert to ledger_app with check (true); --!
