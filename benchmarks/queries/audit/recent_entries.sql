-- name: What happened lately
-- requirement: 5.2, 4.2
-- role: postgres
-- uses: audit_logs_occurred_at_idx
-- max_buffers: 150
select occurred_at, tenant_id, action, actor_role, table_name, row_id
from private.audit_logs
order by occurred_at desc
limit 100
