-- Clinics are the tenants. Locks: none beyond the new objects.
create function public.current_clinic() returns uuid
language sql stable set search_path = ''
return nullif(auth.jwt() ->> 'clinic', '')::uuid;

create table public.clinics (
    clinic_id uuid primary key default gen_random_uuid(),
    name text not null
);
alter table public.clinics enable row level security;
alter table public.clinics force row level security;
revoke all on table public.clinics from anon, authenticated;
grant select on table public.clinics to authenticated;
create policy select_member on public.clinics
    for select to authenticated using (clinic_id = (select public.current_clinic()));
