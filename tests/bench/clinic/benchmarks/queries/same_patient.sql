-- name: A patient twice
-- role: service_role
-- param patient: select patient_id from public.patients order by 1 limit 1
-- param clinic: select clinic_id from public.patients where patient_id = :patient limit 1
-- refused: 23505
insert into public.patients (clinic_id, patient_id, name) values (:clinic, :patient, 'Twice')
