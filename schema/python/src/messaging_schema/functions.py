# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The functions of the schema `public`, typed: each returns a call for `Session.call` to carry out.

Where an argument has a default in the schema, None leaves it to that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from messaging_schema.call import Argument, Call, entities, record, records, scalar
from messaging_schema.models.communication_logs import (
    CommunicationLogChannel,
    CommunicationLogDirection,
    CommunicationLogStatus,
)
from messaging_schema.models.decrypted_communication_logs import DecryptedCommunicationLog
from messaging_schema.models.slack_user_mappings import SlackUserMapping
from messaging_schema.models.verified_whatsapp_numbers import VerifiedWhatsappNumber
from messaging_schema.models.webhook_deliveries import WebhookDeliveryEventType

__all__ = [
    "DeletableTable",
    "JobProblemsRow",
    "RequestVerificationCodeRow",
    "SearchCommunicationLogsRow",
    "UsageBetweenRow",
    "check_verification_code",
    "connect_slack_workspace",
    "erase_data_subject",
    "export_data_subject",
    "find_communication_logs_by_phone_number",
    "job_problems",
    "log_communication",
    "map_slack_user",
    "queue_webhook_delivery",
    "request_verification_code",
    "restore",
    "search_communication_logs",
    "search_slack_user_mappings",
    "search_verified_whatsapp_numbers",
    "soft_delete",
    "usage_between",
]

DeletableTable = Literal[
    "communication_logs",
    "slack_connections",
    "slack_user_mappings",
    "tenants",
    "usage_statistics",
    "verified_whatsapp_numbers",
    "webhook_deliveries",
    "whatsapp_verifications",
]


@dataclass(frozen=True)
class JobProblemsRow:
    """A row of what `job_problems` returns."""

    job_name: str
    problem: Literal["failed", "killed", "overdue", "never_run"]
    since: datetime


@dataclass(frozen=True)
class RequestVerificationCodeRow:
    """A row of what `request_verification_code` returns."""

    status: Literal["requested", "rate_limited", "invalid_phone_number", "unknown_tenant"]
    whatsapp_verification_id: UUID | None
    code: str | None
    expires_at: datetime | None


@dataclass(frozen=True)
class SearchCommunicationLogsRow:
    """A row of what `search_communication_logs` returns."""

    tenant_id: UUID
    communication_log_id: UUID
    channel: CommunicationLogChannel
    direction: CommunicationLogDirection
    status: CommunicationLogStatus
    verified_whatsapp_number_id: UUID | None
    slack_connection_id: UUID | None
    workspace_id: str | None
    slack_user_id: str | None
    body: str | None
    error_code: str | None
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class UsageBetweenRow:
    """A row of what `usage_between` returns."""

    whatsapp_messages: int
    slack_messages: int
    failed_messages: int
    verifications_requested: int
    verifications_succeeded: int
    webhooks_delivered: int
    webhooks_exhausted: int


def check_verification_code(tenant_id: UUID, phone_number: str, code: str) -> Call[Literal["verified", "rejected"]]:
    """verified, once, for the pending code of a tenant's number, which is then among the verified ones; rejected for
    everything else, and the fifth wrong try locks the code.
    """
    return scalar(
        "check_verification_code",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("phone_number", phone_number, Text()),
        Argument("code", code, Text()),
    )


def connect_slack_workspace(
    tenant_id: UUID,
    workspace_id: str,
    workspace_name: str,
    bot_user_id: str,
    bot_token: str,
    *,
    scopes: list[str] | None = None,
    default_channel_id: str | None = None,
) -> Call[UUID]:
    """Connects a workspace, or gives the live connection its new token, and returns its id; raises SP001, SP002."""
    return scalar(
        "connect_slack_workspace",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("workspace_id", workspace_id, Text()),
        Argument("workspace_name", workspace_name, Text()),
        Argument("bot_user_id", bot_user_id, Text()),
        Argument("bot_token", bot_token, Text()),
        Argument("scopes", scopes, ARRAY(Text()), has_default=True),
        Argument("default_channel_id", default_channel_id, Text(), has_default=True),
    )


def erase_data_subject(
    tenant_id: UUID,
    *,
    phone_number: str | None = None,
    person_email: str | None = None,
    workspace_id: str | None = None,
    slack_user_id: str | None = None,
) -> Call[dict[str, Any]]:
    """Removes all that a tenant holds on a person and returns how many rows of each table it touched; raises SP001,
    SP002.
    """
    return scalar(
        "erase_data_subject",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("phone_number", phone_number, Text(), has_default=True),
        Argument("person_email", person_email, Text(), has_default=True),
        Argument("workspace_id", workspace_id, Text(), has_default=True),
        Argument("slack_user_id", slack_user_id, Text(), has_default=True),
    )


def export_data_subject(
    tenant_id: UUID,
    *,
    phone_number: str | None = None,
    person_email: str | None = None,
    workspace_id: str | None = None,
    slack_user_id: str | None = None,
) -> Call[dict[str, Any]]:
    """All that a tenant holds on a person, decrypted, as one document with an array a table; raises SP001, SP002."""
    return scalar(
        "export_data_subject",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("phone_number", phone_number, Text(), has_default=True),
        Argument("person_email", person_email, Text(), has_default=True),
        Argument("workspace_id", workspace_id, Text(), has_default=True),
        Argument("slack_user_id", slack_user_id, Text(), has_default=True),
    )


def find_communication_logs_by_phone_number(
    tenant_id: UUID,
    phone_number: str,
) -> Call[list[DecryptedCommunicationLog]]:
    """A tenant's live messages of a phone number, newest first, by the keyed hashes of all versions."""
    return entities(
        DecryptedCommunicationLog,
        "find_communication_logs_by_phone_number",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("phone_number", phone_number, Text()),
    )


def job_problems() -> Call[list[JobProblemsRow]]:
    """A row for each failed, killed, overdue and never-run job: which, what and since when. No row: all is well."""
    return records(JobProblemsRow, "job_problems")


def log_communication(
    tenant_id: UUID,
    channel: CommunicationLogChannel,
    direction: CommunicationLogDirection,
    status: CommunicationLogStatus,
    *,
    phone_number: str | None = None,
    verified_whatsapp_number_id: UUID | None = None,
    slack_connection_id: UUID | None = None,
    slack_user_id: str | None = None,
    provider_message_id: str | None = None,
    body: str | None = None,
    error_code: str | None = None,
    metadata: dict[str, Any] | None = None,
) -> Call[UUID]:
    """Logs a message with its phone number encrypted, or moves on the status of the one with the provider's id, and
    returns its id; raises SP001, SP002.
    """
    return scalar(
        "log_communication",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("channel", channel, Text()),
        Argument("direction", direction, Text()),
        Argument("status", status, Text()),
        Argument("phone_number", phone_number, Text(), has_default=True),
        Argument("verified_whatsapp_number_id", verified_whatsapp_number_id, Uuid(), has_default=True),
        Argument("slack_connection_id", slack_connection_id, Uuid(), has_default=True),
        Argument("slack_user_id", slack_user_id, Text(), has_default=True),
        Argument("provider_message_id", provider_message_id, Text(), has_default=True),
        Argument("body", body, Text(), has_default=True),
        Argument("error_code", error_code, Text(), has_default=True),
        Argument("metadata", metadata, JSONB(none_as_null=True), has_default=True),
    )


def map_slack_user(
    tenant_id: UUID,
    workspace_id: str,
    slack_user_id: str,
    *,
    person_name: str | None = None,
    person_email: str | None = None,
    verified_whatsapp_number_id: UUID | None = None,
    metadata: dict[str, Any] | None = None,
) -> Call[UUID]:
    """Maps a Slack user of a connected workspace to a person, or completes the live mapping, and returns its id; raises
    SP001, SP002.
    """
    return scalar(
        "map_slack_user",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("workspace_id", workspace_id, Text()),
        Argument("slack_user_id", slack_user_id, Text()),
        Argument("person_name", person_name, Text(), has_default=True),
        Argument("person_email", person_email, Text(), has_default=True),
        Argument("verified_whatsapp_number_id", verified_whatsapp_number_id, Uuid(), has_default=True),
        Argument("metadata", metadata, JSONB(none_as_null=True), has_default=True),
    )


def queue_webhook_delivery(
    tenant_id: UUID,
    event_type: WebhookDeliveryEventType,
    endpoint_url: str,
    payload: dict[str, Any],
    signature: str,
    *,
    communication_log_id: UUID | None = None,
    max_attempts: int | None = None,
) -> Call[UUID]:
    """Queues an event with its signature encrypted and returns its id; raises SP001, SP002."""
    return scalar(
        "queue_webhook_delivery",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("event_type", event_type, Text()),
        Argument("endpoint_url", endpoint_url, Text()),
        Argument("payload", payload, JSONB(none_as_null=True)),
        Argument("signature", signature, Text()),
        Argument("communication_log_id", communication_log_id, Uuid(), has_default=True),
        Argument("max_attempts", max_attempts, Integer(), has_default=True),
    )


def request_verification_code(
    tenant_id: UUID,
    phone_number: str,
    *,
    code_length: int | None = None,
) -> Call[RequestVerificationCodeRow]:
    """Makes a code for a tenant's number, which the caller sends, and supersedes the one before. Status: requested,
    rate_limited (5 an hour for a tenant's number, 1,000 an hour for a tenant), invalid_phone_number, unknown_tenant.
    """
    return record(
        RequestVerificationCodeRow,
        "request_verification_code",
        Argument("tenant_id", tenant_id, Uuid()),
        Argument("phone_number", phone_number, Text()),
        Argument("code_length", code_length, Integer(), has_default=True),
    )


def restore(table_name: DeletableTable, row_id: UUID, *, tenant_id: UUID | None = None) -> Call[int]:
    """Restores the deletion that a row is of, and returns how many rows that brought back. Raises SP401; SP402 when a
    live row, which DETAIL names, has taken the place of one; SP403 when what a row belongs to is deleted.
    """
    return scalar(
        "restore",
        Argument("table_name", table_name, Text()),
        Argument("row_id", row_id, Uuid()),
        Argument("tenant_id", tenant_id, Uuid(), has_default=True),
    )


def search_communication_logs(
    metadata_contains: dict[str, Any],
    *,
    before: datetime | None = None,
    max_rows: int | None = None,
    before_id: UUID | None = None,
) -> Call[list[SearchCommunicationLogsRow]]:
    """The own tenant's live messages whose metadata contain an object, newest first, only the claimed workspace's if
    the token names one; raises SP001.
    """
    return records(
        SearchCommunicationLogsRow,
        "search_communication_logs",
        Argument("metadata_contains", metadata_contains, JSONB(none_as_null=True)),
        Argument("before", before, DateTime(timezone=True), has_default=True),
        Argument("max_rows", max_rows, Integer(), has_default=True),
        Argument("before_id", before_id, Uuid(), has_default=True),
    )


def search_slack_user_mappings(
    metadata_contains: dict[str, Any],
    *,
    before: datetime | None = None,
    max_rows: int | None = None,
    before_id: UUID | None = None,
) -> Call[list[SlackUserMapping]]:
    """The own tenant's live mappings whose metadata contain an object, newest first, only the claimed workspace's if
    the token names one; raises SP001.
    """
    return entities(
        SlackUserMapping,
        "search_slack_user_mappings",
        Argument("metadata_contains", metadata_contains, JSONB(none_as_null=True)),
        Argument("before", before, DateTime(timezone=True), has_default=True),
        Argument("max_rows", max_rows, Integer(), has_default=True),
        Argument("before_id", before_id, Uuid(), has_default=True),
    )


def search_verified_whatsapp_numbers(
    metadata_contains: dict[str, Any],
    *,
    before: datetime | None = None,
    max_rows: int | None = None,
    before_id: UUID | None = None,
) -> Call[list[VerifiedWhatsappNumber]]:
    """The own tenant's live numbers whose metadata contain an object, newest first; raises SP001."""
    return entities(
        VerifiedWhatsappNumber,
        "search_verified_whatsapp_numbers",
        Argument("metadata_contains", metadata_contains, JSONB(none_as_null=True)),
        Argument("before", before, DateTime(timezone=True), has_default=True),
        Argument("max_rows", max_rows, Integer(), has_default=True),
        Argument("before_id", before_id, Uuid(), has_default=True),
    )


def soft_delete(table_name: DeletableTable, row_id: UUID, *, tenant_id: UUID | None = None) -> Call[UUID]:
    """Deletes a row softly, with what would go with it for good, and returns the id of the deletion. Members delete
    rows of their own tenant; service_role names the tenant. Raises SP401.
    """
    return scalar(
        "soft_delete",
        Argument("table_name", table_name, Text()),
        Argument("row_id", row_id, Uuid()),
        Argument("tenant_id", tenant_id, Uuid(), has_default=True),
    )


def usage_between(from_day: date, to_day: date, *, tenant_id: UUID | None = None) -> Call[UsageBetweenRow]:
    """Sums what was counted for a tenant from one day to another, both included: zeros where nothing was. Members ask
    for their own tenant; service_role names the tenant. Raises SP501 for what is no period.
    """
    return record(
        UsageBetweenRow,
        "usage_between",
        Argument("from_day", from_day, Date()),
        Argument("to_day", to_day, Date()),
        Argument("tenant_id", tenant_id, Uuid(), has_default=True),
    )
