-- Claims: no value can be worked out whose hash the check wants.
-- finds: rows:public.vouchers = warning

create table public.vouchers ( --!
    tenant_id uuid not null,
    voucher_id uuid default gen_random_uuid(),
    code text not null,
    primary key (tenant_id, voucher_id),
    constraint vouchers_code_is_signed check (md5(code) like '%00000000')
);
alter table public.vouchers enable row level security;
revoke all on public.vouchers from anon, authenticated;
grant select on public.vouchers to authenticated;
create policy own on public.vouchers for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
