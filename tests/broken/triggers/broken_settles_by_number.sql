-- Claims: a trigger with its owner's rights marks the bill of that number as paid, whosever it is.
-- finds: triggers:public.payments = error

create schema private;
create table public.bills (
    tenant_id uuid not null,
    bill_id uuid default gen_random_uuid(),
    bill_number text not null,
    paid boolean not null default false,
    primary key (tenant_id, bill_id),
    unique (tenant_id, bill_number)
);
create table public.payments (
    tenant_id uuid not null,
    payment_id uuid default gen_random_uuid(),
    bill_number text not null,
    primary key (tenant_id, payment_id)
);
create function private.settle() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
    update public.bills set paid = true where bill_number = new.bill_number;
    return new;
end
$$;
create trigger settle after insert on public.payments for each row execute function private.settle(); --!
alter table public.bills enable row level security;
alter table public.payments enable row level security;
revoke all on public.bills, public.payments from anon, authenticated;
grant select on public.bills to authenticated;
grant select, insert on public.payments to authenticated;
create policy own on public.bills for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy own on public.payments to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
