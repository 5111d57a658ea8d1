-- Patients of a clinic. Locks: none beyond the new objects.
create table public.patients (
    clinic_id uuid not null references public.clinics (clinic_id) on delete cascade,
    patient_id uuid not null default gen_random_uuid(),
    name text not null,
    born_on date,
    constraint patients_pkey primary key (clinic_id, patient_id)
);
alter table public.patients enable row level security;
alter table public.patients force row level security;
revoke all on table public.patients from anon, authenticated;
grant select, insert, update, delete on table public.patients to authenticated;

create policy select_member on public.patients
    for select to authenticated using (clinic_id = (select public.current_clinic()));
create policy insert_member on public.patients
    for insert to authenticated with check (clinic_id = (select public.current_clinic()));
create policy update_member on public.patients
    for update to authenticated using (clinic_id = (select public.current_clinic()));
create policy delete_member on public.patients
    for delete to authenticated using (clinic_id = (select public.current_clinic()));
