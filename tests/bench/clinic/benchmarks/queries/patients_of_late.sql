-- name: Patients seen of late
-- role: authenticated
-- tenant: public.patients
-- param since: select percentile_disc(0.9) within group (order by seen_at) from public.patients
--     where clinic_id = :tenant
-- uses: patients_seen_at_idx (clinic_id, seen_at)
-- needs: patients_seen_at_idx 2
-- max_buffers: 30
-- max_claim_reads: 2
select patient_id, name, seen_at
from public.patients
where seen_at >= :since
order by seen_at desc
limit 20
