# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.communication_logs`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import (
    DateTime,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column, relationship

from messaging_schema.base import Base, SoftDeletable, check
from messaging_schema.models.domains import CIPHERTEXT, KEYED_HASH

if TYPE_CHECKING:
    from messaging_schema.models.slack_connections import SlackConnection
    from messaging_schema.models.tenants import Tenant
    from messaging_schema.models.verified_whatsapp_numbers import VerifiedWhatsappNumber
    from messaging_schema.models.webhook_deliveries import WebhookDelivery

__all__ = ["CommunicationLog", "CommunicationLogChannel", "CommunicationLogDirection", "CommunicationLogStatus"]

CommunicationLogChannel = Literal["whatsapp", "slack"]
CommunicationLogDirection = Literal["inbound", "outbound"]
CommunicationLogStatus = Literal["queued", "sent", "delivered", "read", "failed", "received"]


class CommunicationLog(SoftDeletable, Base):
    """Messages sent and received. Kept for the tenant's retention, then removed for good, soft-deleted or not."""

    __tablename__ = "communication_logs"
    __table_args__ = (
        check("body_has_at_most_4096_characters", "(char_length(body) <= 4096)"),
        check("channel_is_known", "(channel = ANY (ARRAY['whatsapp'::text, 'slack'::text]))"),
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check("direction_is_known", "(direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))"),
        check(
            "error_code_has_1_to_100_characters",
            "((char_length(error_code) >= 1) AND (char_length(error_code) <= 100))",
        ),
        check("metadata_has_at_most_16_kilobytes", "(octet_length((metadata)::text) <= 16384)"),
        check("metadata_is_an_object", "(jsonb_typeof(metadata) = 'object'::text)"),
        check("phone_number_has_at_most_2_blocks", "(octet_length((phone_number_ciphertext)::bytea) <= 85)"),
        check(
            "phone_number_is_whole",
            "(num_nonnulls(phone_number_ciphertext, phone_number_hash, key_version) = ANY (ARRAY[0, 3]))",
        ),
        check(
            "phone_number_names_its_key",
            "(SUBSTRING(phone_number_ciphertext FROM 2 FOR 4) = int4send(key_version))",
        ),
        check(
            "provider_message_id_has_1_to_255_characters",
            "((char_length(provider_message_id) >= 1) AND (char_length(provider_message_id) <= 255))",
        ),
        check("slack_messages_have_a_workspace", "((channel = 'slack'::text) = (workspace_id IS NOT NULL))"),
        check(
            "slack_messages_have_nothing_of_whatsapp",
            "((channel <> 'slack'::text) OR (num_nonnulls(verified_whatsapp_number_id, phone_number_ciphertext) = 0))",
        ),
        check("slack_user_id_is_of_slacks_form", "(slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)"),
        check(
            "status_is_known",
            "(status = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, "
            "'received'::text]))",
        ),
        check(
            "whatsapp_messages_have_nothing_of_slack",
            "((channel <> 'whatsapp'::text) OR (num_nonnulls(slack_connection_id, slack_user_id) = 0))",
        ),
        check("workspace_id_is_of_slacks_form", "(workspace_id ~ '^[ET][A-Z0-9]{2,20}$'::text)"),
        ForeignKeyConstraint(
            ["key_version"],
            ["private.encryption_keys.key_version"],
            name="communication_logs_encryption_keys_fkey",
            ondelete="RESTRICT",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "workspace_id", "slack_connection_id"],
            [
                "public.slack_connections.tenant_id",
                "public.slack_connections.workspace_id",
                "public.slack_connections.slack_connection_id",
            ],
            name="communication_logs_slack_connections_fkey",
            ondelete="SET NULL (slack_connection_id)",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="communication_logs_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "verified_whatsapp_number_id"],
            [
                "public.verified_whatsapp_numbers.tenant_id",
                "public.verified_whatsapp_numbers.verified_whatsapp_number_id",
            ],
            name="communication_logs_verified_whatsapp_numbers_fkey",
            ondelete="SET NULL (verified_whatsapp_number_id)",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "communication_log_id", name="communication_logs_pkey"),
        Index("communication_logs_created_at_idx", "tenant_id", "created_at"),
        Index(
            "communication_logs_deleted_at_idx",
            "deleted_at",
            "deletion_id",
            postgresql_where=literal_column("(deleted_at IS NOT NULL)"),
        ),
        Index(
            "communication_logs_key_version_idx",
            "key_version",
            postgresql_where=literal_column("(key_version IS NOT NULL)"),
        ),
        Index(
            "communication_logs_metadata_idx",
            "metadata",
            postgresql_using="gin",
            postgresql_ops={"metadata": "jsonb_path_ops"},
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
        Index(
            "communication_logs_phone_number_hash_idx",
            "tenant_id",
            "phone_number_hash",
            postgresql_where=literal_column("(phone_number_hash IS NOT NULL)"),
        ),
        Index(
            "communication_logs_provider_message_id_key",
            "provider_message_id",
            "tenant_id",
            "channel",
            unique=True,
            postgresql_where=literal_column("((provider_message_id IS NOT NULL) AND (deleted_at IS NULL))"),
        ),
        Index(
            "communication_logs_slack_connection_id_idx",
            "tenant_id",
            "workspace_id",
            "slack_connection_id",
            "created_at",
            postgresql_where=literal_column("(slack_connection_id IS NOT NULL)"),
        ),
        Index(
            "communication_logs_slack_user_id_idx",
            "tenant_id",
            "slack_user_id",
            "created_at",
            postgresql_where=literal_column("(slack_user_id IS NOT NULL)"),
        ),
        Index(
            "communication_logs_verified_whatsapp_number_id_idx",
            "tenant_id",
            "verified_whatsapp_number_id",
            "created_at",
            postgresql_where=literal_column("(verified_whatsapp_number_id IS NOT NULL)"),
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant whose message it is."""
    communication_log_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The row, within its tenant."""
    channel: Mapped[CommunicationLogChannel] = mapped_column(Text())
    """whatsapp or slack."""
    direction: Mapped[CommunicationLogDirection] = mapped_column(Text())
    """inbound or outbound."""
    status: Mapped[CommunicationLogStatus] = mapped_column(Text())
    """How far the message got."""
    verified_whatsapp_number_id: Mapped[UUID | None] = mapped_column(Uuid(), default=None)
    """The tenant's number that it went through; NULL once that number is gone for good."""
    phone_number_ciphertext: Mapped[bytes | None] = mapped_column(
        CIPHERTEXT,
        default=None,
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Personal: the other side's phone number, encrypted; NULL for Slack and after erasure."""
    phone_number_hash: Mapped[bytes | None] = mapped_column(
        KEYED_HASH,
        default=None,
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Secret: keyed hash of the phone number, for exact look-ups. Keyed, since all numbers are soon hashed."""
    key_version: Mapped[int | None] = mapped_column(
        Integer(),
        default=None,
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Version of the key of phone_number_ciphertext and phone_number_hash."""
    slack_connection_id: Mapped[UUID | None] = mapped_column(Uuid(), default=None)
    """The connection that it went through; NULL once that connection is gone for good."""
    workspace_id: Mapped[str | None] = mapped_column(Text(), default=None)
    """The Slack workspace, for the policies; stays."""
    slack_user_id: Mapped[str | None] = mapped_column(Text(), default=None)
    """Personal: the other side's Slack user."""
    provider_message_id: Mapped[str | None] = mapped_column(
        Text(),
        default=None,
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Personal: WhatsApp's or Slack's id of the message; WhatsApp's contains the phone number in base64."""
    body: Mapped[str | None] = mapped_column(Text(), default=None)
    """Personal: the text of the message."""
    error_code: Mapped[str | None] = mapped_column(Text(), default=None)
    """The provider's code of why it failed."""
    metadata_: Mapped[dict[str, Any]] = mapped_column(
        "metadata",
        MutableDict.as_mutable(JSONB(none_as_null=True)),
        default=None,
        server_default=text("'{}'::jsonb"),
    )
    """Personal: the tenant's own attributes of the message."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the message was logged; retention counts from it."""
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        init=False,
        server_default=text("now()"),
        server_onupdate=FetchedValue(),
    )
    """When the row was last written; kept by a trigger."""
    deleted_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True),
        init=False,
        server_default=FetchedValue(),
    )
    """When the log was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(
        Uuid(),
        init=False,
        server_default=FetchedValue(),
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """What was deleted together shares it, and is restored together."""

    slack_connection: Mapped["SlackConnection | None"] = relationship(init=False, viewonly=True, lazy="raise")
    tenant: Mapped["Tenant"] = relationship(init=False, viewonly=True, lazy="raise")
    verified_whatsapp_number: Mapped["VerifiedWhatsappNumber | None"] = relationship(
        init=False,
        viewonly=True,
        lazy="raise",
    )
    webhook_deliveries: Mapped[list["WebhookDelivery"]] = relationship(init=False, viewonly=True, lazy="raise")
