-- name: Patients by what else is known of them
-- role: authenticated
-- tenant: public.patients
-- param attributes: select attributes from public.patients where clinic_id = :tenant order by patient_id limit 1
-- uses: patients_attributes_idx (attributes)
select patient_id from public.find_patients(:attributes)
