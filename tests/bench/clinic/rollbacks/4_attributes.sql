drop function public.find_patients(jsonb);
drop index public.patients_attributes_idx;
drop index public.patients_seen_at_idx;
alter table public.patients drop column attributes;
