-- The helper of a policy is replaced by DROP and CREATE; its policy and its trigger are forgotten.
-- finds: cascade_drop:2:public.tenant() = error

-- before
create table public.notes (id bigint primary key, tenant_id uuid not null);
alter table public.notes enable row level security;
create function public.tenant() returns uuid language sql stable as $$ select gen_random_uuid() $$;
create policy select_own on public.notes for select to authenticated using (tenant_id = public.tenant());
create policy insert_own on public.notes for insert to authenticated with check (tenant_id = public.tenant());
-- new
drop function public.tenant() cascade; --!
create function public.tenant() returns uuid language sql stable as $$ select gen_random_uuid() $$;
create policy select_own on public.notes for select to authenticated using (tenant_id = public.tenant());
