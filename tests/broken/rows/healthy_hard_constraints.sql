-- Claims: checks of several columns, a pattern, an enum, an array, a self-reference and a cycle of foreign keys.

create type public.stage as enum ('draft', 'sent', 'paid');
create table public.accounts (
    tenant_id uuid not null,
    account_id uuid default gen_random_uuid(),
    parent_id uuid,
    main_invoice_id uuid,
    iban text not null,
    constraint accounts_pkey primary key (tenant_id, account_id),
    constraint accounts_parent_fkey foreign key (tenant_id, parent_id) references public.accounts,
    constraint accounts_iban_is_german check (iban ~ '^DE[0-9]{20}$')
);
create table public.invoices (
    tenant_id uuid not null,
    invoice_id uuid default gen_random_uuid(),
    account_id uuid not null,
    stage public.stage not null,
    net numeric(10, 2) not null check (net > 0),
    gross numeric(10, 2) not null,
    issued_on date not null,
    due_on date not null,
    tags text[] not null check (cardinality(tags) between 1 and 3),
    paid_at timestamptz,
    constraint invoices_pkey primary key (tenant_id, invoice_id),
    constraint invoices_account_fkey foreign key (tenant_id, account_id) references public.accounts,
    constraint invoices_gross_is_more check (gross >= net),
    constraint invoices_due_is_later check (due_on >= issued_on),
    constraint invoices_paid_has_a_time check ((stage = 'paid') = (paid_at is not null))
);
create index on public.invoices (tenant_id, account_id);
create index on public.accounts (tenant_id, parent_id);
create index on public.accounts (tenant_id, main_invoice_id);
alter table public.accounts add constraint accounts_main_invoice_fkey
foreign key (tenant_id, main_invoice_id) references public.invoices;
alter table public.accounts enable row level security;
alter table public.invoices enable row level security;
revoke all on public.accounts, public.invoices from anon, authenticated;
grant select, insert on public.accounts, public.invoices to authenticated;
create policy own on public.accounts to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy own on public.invoices to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
