-- name: What happened to a row
-- about: Support asks, as the owner: no API role reads the trail.
-- requirement: 5.2, 4.2
-- role: postgres
-- tenant: private.audit_logs where row_id is not null
-- param row: select min(row_id) from private.audit_logs where tenant_id = :tenant
-- uses: audit_logs_row_id_idx (tenant_id, row_id)
-- needs: audit_logs_row_id_idx 2
-- max_buffers: 20
select occurred_at, action, actor_role, actor_id, table_name, changed_columns
from private.audit_logs
where tenant_id = :tenant and row_id = :row
order by occurred_at
