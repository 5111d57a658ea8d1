-- name: A patient leaves for good
-- role: authenticated
-- tenant: public.patients
-- cases: small, largest
-- param patient: select min(patient_id::text) from public.visits where clinic_id = :tenant
-- uses: visits_patient_id_idx (clinic_id, patient_id)
-- uses: patients_pkey (patient_id)
delete from public.patients where patient_id = :patient
