-- name: Where the verification of a number stands
-- requirement: 4.1, 4.2
-- role: authenticated
-- tenant: public.whatsapp_verifications where deleted_at is null
-- param number: select phone_number from public.whatsapp_verifications
--     where tenant_id = :tenant and deleted_at is null group by 1 order by count(*) desc, 1 limit 1
-- uses: whatsapp_verifications_phone_number_idx (tenant_id, phone_number)
-- max_buffers: 20
select status, expires_at
from public.current_verifications
where phone_number = :number
order by created_at desc
limit 1
