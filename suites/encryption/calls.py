"""Calls of the functions that write, each with arguments that are right unless a test gives others."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from fixtures import sample

__all__ = ["LONG", "NUMBER", "connect_workspace", "log_message", "map_user", "queue_event"]

_Connection = psycopg.Connection[Any]
NUMBER = "+4915112345678"
LONG = "x" * 10_000


def _call(connection: _Connection, name: str, **arguments: Any) -> Any:
    named = ", ".join(f"{key} => %({key})s" for key in arguments)
    values = {key: Jsonb(found) if isinstance(found, dict) else found for key, found in arguments.items()}
    row = connection.execute(f"select public.{name}({named})".encode(), values).fetchone()
    assert row is not None
    return row[0]


def connect_workspace(connection: _Connection, tenant: UUID | None, **over: Any) -> Any:
    arguments = {
        "workspace_id": "T0NEW",
        "workspace_name": "New",
        "bot_user_id": "U0BOT",
        "bot_token": "xoxb-1",
    }
    return _call(connection, "connect_slack_workspace", tenant_id=tenant, **(arguments | over))


def log_message(connection: _Connection, tenant: UUID | None, **over: Any) -> Any:
    arguments = {"channel": "whatsapp", "direction": "outbound", "status": "sent", "phone_number": NUMBER}
    return _call(connection, "log_communication", tenant_id=tenant, **(arguments | over))


def queue_event(connection: _Connection, tenant: UUID | None, **over: Any) -> Any:
    arguments = {
        "event_type": "message.sent",
        "endpoint_url": "https://hooks.example.com/x",
        "payload": {"event": "message.sent"},
        "signature": "sha256=ab",
    }
    return _call(connection, "queue_webhook_delivery", tenant_id=tenant, **(arguments | over))


def map_user(connection: _Connection, tenant: UUID | None, **over: Any) -> Any:
    arguments = {"workspace_id": sample.SHARED_WORKSPACE_ID, "slack_user_id": "U0PERSON"}
    return _call(connection, "map_slack_user", tenant_id=tenant, **(arguments | over))
