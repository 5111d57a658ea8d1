-- Claims: a setting that every role may set opens the rows of all tenants.
-- finds: back_doors:app.maintenance = on = error

create table public.payslips (
    payslip_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    amount numeric(12, 2) not null,
    employee text not null
);
create index on public.payslips (tenant_id);
alter table public.payslips enable row level security;
revoke all on public.payslips from anon, authenticated;
grant select, insert, update, delete on public.payslips to authenticated;
create policy own on public.payslips to authenticated --!
using (
    tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid or current_setting('app.maintenance', true) = 'on'
);
