"""Parameters that the platform's roles may set, by supautils and extensions, where PostgreSQL asks for a superuser."""

from typing import Any

import psycopg
from psycopg import sql

__all__ = ["grant_parameters"]

_PGRST = (
    "db_aggregates_enabled", "db_anon_role", "db_channel", "db_channel_enabled", "db_config",
    "db_extra_search_path", "db_hoisted_tx_settings", "db_max_rows", "db_plan_enabled", "db_pool",
    "db_pool_acquisition_timeout", "db_pool_max_idletime", "db_pool_max_lifetime", "db_pre_config",
    "db_pre_request", "db_prepared_statements", "db_root_spec", "db_schema", "db_schemas", "db_timezone_enabled",
    "db_tx_end", "db_uri", "jwt_aud", "jwt_cache_max_entries", "jwt_cache_max_lifetime", "jwt_role_claim_key",
    "jwt_secret", "jwt_secret_is_base64", "log_level", "log_query", "max_rows", "openapi_mode",
    "openapi_security_active", "openapi_server_proxy_uri", "pre_request", "server_cors_allowed_origins",
    "server_timing_enabled", "server_trace_header",
)  # fmt: skip
_PGAUDIT = (
    "log", "log_catalog", "log_client", "log_level", "log_relation", "log_rows", "log_statement",
    "log_statement_once", "role",
)  # fmt: skip
# A grant takes no pattern: pgrst.* and plan_filter.* stand here name by name.
_OF_POSTGRES = (
    "log_lock_waits",
    "log_min_messages",
    "session_replication_role",
    "track_io_timing",
    "auto_explain.log_min_duration",
    "auto_explain.log_nested_statements",
    "pg_net.batch_size",
    "pg_net.ttl",
    "plan_filter.limit_select_only",
    "plan_filter.module_loaded",
    "plan_filter.statement_cost_limit",
    "safeupdate.enabled",
    *(f"pgaudit.{name}" for name in _PGAUDIT),
    *(f"pgrst.{name}" for name in _PGRST),
)
# The server knows none of the emulated vector's: anyone may SET them, but keep them for a function or role only so.
_OF_ALL = (
    "hnsw.ef_search",
    "hnsw.iterative_scan",
    "hnsw.max_scan_tuples",
    "hnsw.scan_mem_multiplier",
    "ivfflat.iterative_scan",
    "ivfflat.max_probes",
    "ivfflat.probes",
)


def grant_parameters(connection: psycopg.Connection[Any]) -> None:
    """Let `postgres`, which is there, and everyone set what the platform lets them; from PostgreSQL 15 on."""
    for names, grantee in ((_OF_POSTGRES, sql.Identifier("postgres")), (_OF_ALL, sql.SQL("public"))):
        parameters = sql.SQL(", ").join(sql.Identifier(*name.split(".")) for name in names)
        connection.execute(sql.SQL("grant set on parameter {} to {}").format(parameters, grantee))
