"""What the catalogue cannot tell of views and functions, and a suite holds against what they return."""

__all__ = ["ANSWERS", "NEVER_NULL", "NULLABLE", "ROWS_OF", "WRITES"]

# Columns of views that are expressions, but never NULL: what they are made of is not.
NEVER_NULL = {
    ("current_verifications", "status"),
    ("decrypted_slack_connections", "bot_token"),
    ("decrypted_webhook_deliveries", "signature"),
    ("job_health", "job_name"),
    ("job_health", "schedule"),
    ("job_health", "expected_every"),
}

# What functions return may be NULL in these columns only.
NULLABLE = {("request_verification_code", name) for name in ("whatsapp_verification_id", "code", "expires_at")}

# Functions that return rows of a table without all of its columns, and functions whose arguments are a table's columns.
ROWS_OF = {"search_communication_logs": "communication_logs"}
WRITES = {"log_communication": "communication_logs", "queue_webhook_delivery": "webhook_deliveries"}

# Closed sets that functions and views answer with; `result` is what a function itself returns.
ANSWERS = {
    ("check_verification_code", "result"): ("verified", "rejected"),
    ("request_verification_code", "status"): ("requested", "rate_limited", "invalid_phone_number", "unknown_tenant"),
    ("job_problems", "problem"): ("failed", "killed", "overdue", "never_run"),
    ("current_verifications", "status"): ("pending", "verified", "superseded", "locked", "expired"),
}
