# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.webhook_deliveries`."""

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
    SmallInteger,
    Text,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column, relationship

from messaging_schema.base import Base, SoftDeletable, check
from messaging_schema.models.domains import CIPHERTEXT

if TYPE_CHECKING:
    from messaging_schema.models.communication_logs import CommunicationLog
    from messaging_schema.models.tenants import Tenant
    from messaging_schema.models.webhook_attempts import WebhookAttempt

__all__ = ["WebhookDelivery", "WebhookDeliveryEventType", "WebhookDeliveryStatus"]

WebhookDeliveryEventType = Literal[
    "message.sent",
    "message.delivered",
    "message.read",
    "message.failed",
    "message.received",
    "number.verified",
    "workspace.connected",
    "workspace.disconnected",
]
WebhookDeliveryStatus = Literal["pending", "delivered", "exhausted"]


class WebhookDelivery(SoftDeletable, Base):
    """Events for a tenant's endpoint, with the state of their retries."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        check("attempts_are_within_their_maximum", "((attempts >= 0) AND (attempts <= max_attempts))"),
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check(
            "endpoint_url_is_https_without_credentials",
            "((char_length(endpoint_url) <= 2048) AND (endpoint_url ~ "
            "'^https://[^[:space:]/?#@]+([/?#][^[:space:]]*)?$'::text))",
        ),
        check(
            "event_type_is_known",
            "(event_type = ANY (ARRAY['message.sent'::text, 'message.delivered'::text, 'message.read'::text, "
            "'message.failed'::text, 'message.received'::text, 'number.verified'::text, 'workspace.connected'::text, "
            "'workspace.disconnected'::text]))",
        ),
        check(
            "exhausted_deliveries_have_spent_their_attempts",
            "((status <> 'exhausted'::text) OR (attempts = max_attempts))",
        ),
        check("finished_deliveries_have_their_time", "((status = 'pending'::text) = (finished_at IS NULL))"),
        check("max_attempts_are_1_to_20", "((max_attempts >= 1) AND (max_attempts <= 20))"),
        check("payload_has_at_most_64_kilobytes", "(octet_length((payload)::text) <= 65536)"),
        check("payload_is_an_object", "(jsonb_typeof(payload) = 'object'::text)"),
        check("pending_deliveries_have_a_next_attempt", "((status = 'pending'::text) = (next_attempt_at IS NOT NULL))"),
        check("signature_has_at_most_1_kilobyte", "(octet_length((signature_ciphertext)::bytea) <= 1077)"),
        check("signature_names_its_key", "(SUBSTRING(signature_ciphertext FROM 2 FOR 4) = int4send(key_version))"),
        check("status_is_known", "(status = ANY (ARRAY['pending'::text, 'delivered'::text, 'exhausted'::text]))"),
        ForeignKeyConstraint(
            ["tenant_id", "communication_log_id"],
            ["public.communication_logs.tenant_id", "public.communication_logs.communication_log_id"],
            name="webhook_deliveries_communication_logs_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["key_version"],
            ["private.encryption_keys.key_version"],
            name="webhook_deliveries_encryption_keys_fkey",
            ondelete="RESTRICT",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="webhook_deliveries_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "webhook_delivery_id", name="webhook_deliveries_pkey"),
        Index(
            "webhook_deliveries_communication_log_id_idx",
            "tenant_id",
            "communication_log_id",
            postgresql_where=literal_column("(communication_log_id IS NOT NULL)"),
        ),
        Index("webhook_deliveries_created_at_idx", "tenant_id", "created_at"),
        Index(
            "webhook_deliveries_deleted_at_idx",
            "deleted_at",
            "deletion_id",
            postgresql_where=literal_column("(deleted_at IS NOT NULL)"),
        ),
        Index(
            "webhook_deliveries_finished_at_idx",
            "finished_at",
            postgresql_where=literal_column("(finished_at IS NOT NULL)"),
        ),
        Index("webhook_deliveries_key_version_idx", "key_version"),
        Index(
            "webhook_deliveries_next_attempt_at_idx",
            "next_attempt_at",
            postgresql_where=literal_column("((status = 'pending'::text) AND (deleted_at IS NULL))"),
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant whose endpoint it is."""
    webhook_delivery_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The row, within its tenant."""
    communication_log_id: Mapped[UUID | None] = mapped_column(Uuid(), default=None)
    """The message that the event is about, if it is."""
    event_type: Mapped[WebhookDeliveryEventType] = mapped_column(Text())
    """What happened."""
    endpoint_url: Mapped[str] = mapped_column(Text())
    """Where it goes, without credentials."""
    payload: Mapped[dict[str, Any]] = mapped_column(
        MutableDict.as_mutable(JSONB(none_as_null=True)),
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Personal: what is sent; it repeats the message, but not its phone number, which the log has encrypted."""
    signature_ciphertext: Mapped[bytes] = mapped_column(
        CIPHERTEXT,
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Secret: the signature of the payload, encrypted."""
    key_version: Mapped[int] = mapped_column(
        Integer(),
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Version of the key of signature_ciphertext."""
    status: Mapped[WebhookDeliveryStatus] = mapped_column(Text(), default=None, server_default=text("'pending'::text"))
    """pending: to be tried; delivered: the endpoint took it; exhausted: the retries are spent."""
    attempts: Mapped[int] = mapped_column(SmallInteger(), default=None, server_default=text("0"))
    """Tries so far; each is a row of webhook_attempts."""
    max_attempts: Mapped[int] = mapped_column(SmallInteger(), default=None, server_default=text("8"))
    """Tries after which it is given up."""
    next_attempt_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True),
        default=None,
        server_default=text("now()"),
    )
    """When it is to be tried next; a worker moves it ahead while it tries. NULL once finished."""
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), default=None)
    """When it was delivered or given up."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the event was queued."""
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
    """When the delivery was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(
        Uuid(),
        init=False,
        server_default=FetchedValue(),
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """What was deleted together shares it, and is restored together."""

    communication_log: Mapped["CommunicationLog | None"] = relationship(init=False, viewonly=True, lazy="raise")
    tenant: Mapped["Tenant"] = relationship(init=False, viewonly=True, lazy="raise")
    webhook_attempts: Mapped[list["WebhookAttempt"]] = relationship(init=False, viewonly=True, lazy="raise")
