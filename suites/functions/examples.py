"""A good call of each function and procedure, on the sample: `%(…)s` are ids that `values` finds there."""

from typing import Any
from uuid import UUID

import psycopg

from suites.dictionary.declared import jobs

__all__ = ["EXAMPLES", "values"]

_PERSON = "(%(tenant)s, %(phone_number)s)"

EXAMPLES: dict[str, str] = {
    # Who asks
    "private.current_tenant_id": "select private.current_tenant_id()",
    "private.current_workspace_id": "select private.current_workspace_id()",
    "private.request_role": "select private.request_role()",
    "private.request_subject": "select private.request_subject()",
    "private.request_bypasses": "select private.request_bypasses()",
    "private.request_tenant_id": "select private.request_tenant_id(%(tenant)s)",
    # Triggers, by what fires them
    "private.set_updated_at": "update public.tenants set name = 'Renamed'",
    "private.require_live_parent": "select public.map_slack_user(%(tenant)s, 'T0SHARED', 'U0NEW')",
    "private.audit_row": "update public.tenants set name = 'Renamed'",
    "private.audit_deleted_rows": "delete from public.tenants where tenant_id = %(tenant)s",
    "private.refuse_audit_change": "delete from private.audit_logs where occurred_at < '2001-01-01'",
    # Keys
    "private.create_encryption_key": "select private.create_encryption_key()",
    "private.current_key_version": "select private.current_key_version()",
    "private.key_secret": "select private.key_secret(private.current_key_version())",
    "private.derive_key": "select private.derive_key('secret', 'use')",
    "private.rotate_encryption_key": "select private.rotate_encryption_key()",
    "private.reencrypt": "call private.reencrypt(10)",
    "private.reencrypt_batch": "select * from private.reencrypt_batch('public.communication_logs', 10, '{}')",
    "private.encryption_key_uses": "select private.encryption_key_uses(%(key_version)s)",
    "private.retire_encryption_key": "select private.retire_encryption_key(1)",
    "private.remove_encryption_key": (
        "select private.retire_encryption_key(1);"
        " update private.encryption_keys set retired_at = '2001-01-01', deleted_at = '2001-01-01'"
        " where key_version = 1;"
        " select private.remove_encryption_key(1)"
    ),
    # Encryption
    "private.ciphertext_context": "select private.ciphertext_context(%(tenant)s, 'table', 'column', %(row)s)",
    "private.ciphertext_key_version": "select private.ciphertext_key_version('\\x0100000002')",
    "private.encrypt_text": "select private.encrypt_text('text', %(tenant)s, 'table', 'column', %(row)s)",
    "private.decrypt_text": (
        "select private.decrypt_text(private.encrypt_text('text', %(tenant)s, 'table', 'column', %(row)s),"
        " %(tenant)s, 'table', 'column', %(row)s)"
    ),
    "private.hash_text": "select private.hash_text('purpose', %(tenant)s, 'text')",
    # What the API writes and finds
    "public.connect_slack_workspace": (
        "select public.connect_slack_workspace(%(tenant)s, 'T0NEW', 'New', 'U0BOT', 'xoxb-token')"
    ),
    "public.map_slack_user": "select public.map_slack_user(%(tenant)s, 'T0SHARED', 'U0NEW', 'Jane Doe')",
    "public.log_communication": (
        "select public.log_communication(%(tenant)s, 'whatsapp', 'outbound', 'sent', %(phone_number)s)"
    ),
    "public.queue_webhook_delivery": (
        "select public.queue_webhook_delivery("
        "%(tenant)s, 'message.sent', 'https://hooks.example.com', '{}', 'signature')"
    ),
    "public.search_communication_logs": 'select * from public.search_communication_logs(\'{"campaign": "welcome"}\')',
    "public.search_verified_whatsapp_numbers": (
        'select * from public.search_verified_whatsapp_numbers(\'{"crm_id": "1"}\')'
    ),
    "public.search_slack_user_mappings": 'select * from public.search_slack_user_mappings(\'{"team": "support"}\')',
    "private.refuse_search": "select private.refuse_search('{\"a\": 1}', 1)",
    "public.find_communication_logs_by_phone_number": (
        f"select * from public.find_communication_logs_by_phone_number{_PERSON}"
    ),
    # Verification
    "private.random_code": "select private.random_code(6)",
    "private.hash_code": "select private.hash_code(%(tenant)s, %(row)s, '123456', %(key_version)s)",
    "public.request_verification_code": f"select * from public.request_verification_code{_PERSON}",
    "public.check_verification_code": "select public.check_verification_code(%(tenant)s, %(phone_number)s, '123456')",
    # Audit
    "private.audit": "select private.audit(%(tenant)s, 'export', 'public.tenants', %(row)s::text, '{name}')",
    # Soft delete
    "private.deletable_tables": "select * from private.deletable_tables()",
    "private.deletion_cascades": "select * from private.deletion_cascades('public.tenants')",
    "private.refuse_deletion": (
        "do $$ begin perform private.refuse_deletion(); exception when sqlstate 'SP401' then null; end $$"
    ),
    "private.live_rival": (
        "select private.live_rival('public.slack_connections_live_workspace_id_key', %(tenant)s, now(), %(row)s)"
    ),
    "public.soft_delete": "select public.soft_delete('slack_connections', %(connection)s, %(tenant)s)",
    "public.restore": (
        "select public.soft_delete('slack_connections', %(connection)s, %(tenant)s);"
        " select public.restore('slack_connections', %(connection)s, %(tenant)s)"
    ),
    # Usage
    "private.refresh_usage": "select private.refresh_usage('2026-01-01', '2026-01-31')",
    "public.usage_between": "select * from public.usage_between('2026-01-01', '2026-01-31', %(tenant)s)",
    # A person's data
    "private.mention_pattern": "select private.mention_pattern(array[%(phone_number)s])",
    "private.blot_text": "select private.blot_text('of x', 'x')",
    "private.blot_json": "select private.blot_json('{\"k\": [1, \"x\"]}', 'x')",
    "private.find_data_subject": (
        "select * from private.find_data_subject(%(tenant)s, %(phone_number)s, null, 'T0SHARED', 'U0NEW')"
    ),
    "public.export_data_subject": f"select public.export_data_subject{_PERSON}",
    "public.erase_data_subject": f"select public.erase_data_subject{_PERSON}",
    # Jobs
    "private.retention_boundary": "select private.retention_boundary('1 day')",
    "private.run_job": "call private.run_job('purge_verifications')",
    "private.job_states": "select * from private.job_states()",
    "public.job_problems": "select * from public.job_problems()",
    **{f"private.{job}": f"call private.{job}()" for job in jobs()},
    **{
        f"private.{job}_batch": (
            f"select b.* from private.jobs as j join private.job_runs as r using (job_name),"
            f" private.{job}_batch(j, r) as b where j.job_name = '{job}' order by r.job_run_id limit 1"
        )
        for job in jobs()
    },
}


def values(db: psycopg.Connection[Any], tenant: UUID) -> dict[str, Any]:
    """Return the values of the examples' placeholders, all of one tenant."""
    query = """
        select c.slack_connection_id, n.phone_number, k.key_version
        from public.slack_connections as c
        join public.verified_whatsapp_numbers as n on n.tenant_id = c.tenant_id and n.deleted_at is null
        cross join private.encryption_keys as k
        where c.tenant_id = %s and c.deleted_at is null and c.workspace_id = 'T0SHARED' and k.state = 'current' limit 1
    """
    row = db.execute(query, [tenant]).fetchone()
    assert row is not None
    connection, phone_number, key_version = row
    return {
        "tenant": tenant,
        "connection": connection,
        "row": connection,
        "phone_number": phone_number,
        "key_version": key_version,
    }
