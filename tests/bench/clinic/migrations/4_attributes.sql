-- What else is known of patients, and the indexes that the clinics' queries need.
alter table public.patients add column attributes jsonb not null default '{}';
create index patients_seen_at_idx on public.patients (clinic_id, seen_at);
create index patients_attributes_idx on public.patients using gin (attributes jsonb_path_ops);

create function public.find_patients(attributes_contain jsonb) returns setof public.patients
language plpgsql stable security definer set search_path = ''
as $$
declare
    clinic constant uuid := public.current_clinic();
begin
    return query
    select p.* from public.patients as p where p.clinic_id = clinic and p.attributes @> attributes_contain;
end
$$;
grant execute on function public.find_patients(jsonb) to authenticated;
