-- Visits of patients, and when a patient was last seen. Locks: ACCESS EXCLUSIVE on patients, for an instant.
create table public.visits (
    clinic_id uuid not null,
    visit_id uuid not null default gen_random_uuid(),
    patient_id uuid not null,
    notes text,
    constraint visits_pkey primary key (clinic_id, visit_id),
    constraint visits_patient_fkey foreign key (clinic_id, patient_id)
        references public.patients (clinic_id, patient_id) on delete cascade
);
alter table public.visits enable row level security;
alter table public.visits force row level security;
revoke all on table public.visits from anon, authenticated;
grant select, insert on table public.visits to authenticated;
grant update (notes) on table public.visits to authenticated;

create policy select_member on public.visits
    for select to authenticated using (clinic_id = (select public.current_clinic()));
create policy insert_member on public.visits
    for insert to authenticated with check (clinic_id = (select public.current_clinic()));
create policy update_member on public.visits
    for update to authenticated using (clinic_id = (select public.current_clinic()));

alter table public.patients add column seen_at timestamptz;
comment on column public.patients.seen_at is 'time of the last visit';
create index visits_patient_id_idx on public.visits (clinic_id, patient_id);

-- What is made from here on is closed until it is granted.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges revoke execute on functions from public;
