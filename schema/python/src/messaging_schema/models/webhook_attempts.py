# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.webhook_attempts`."""

from datetime import datetime
from typing import TYPE_CHECKING
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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from messaging_schema.base import Base, SoftDeleted, check

if TYPE_CHECKING:
    from messaging_schema.models.tenants import Tenant
    from messaging_schema.models.webhook_deliveries import WebhookDelivery

__all__ = ["WebhookAttempt"]


class WebhookAttempt(SoftDeleted, Base):
    """Tries of webhook deliveries."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (
        check("attempt_number_is_1_to_20", "((attempt_number >= 1) AND (attempt_number <= 20))"),
        check("attempts_have_an_outcome", "(num_nonnulls(response_status, error_message) > 0)"),
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check("duration_ms_is_not_negative", "(duration_ms >= 0)"),
        check("error_message_has_at_most_1000_characters", "(char_length(error_message) <= 1000)"),
        check("response_status_is_of_http", "((response_status >= 100) AND (response_status <= 599))"),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="webhook_attempts_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "webhook_delivery_id"],
            ["public.webhook_deliveries.tenant_id", "public.webhook_deliveries.webhook_delivery_id"],
            name="webhook_attempts_webhook_deliveries_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "webhook_delivery_id", "attempt_number", name="webhook_attempts_pkey"),
        Index(
            "webhook_attempts_deleted_at_idx",
            "deleted_at",
            "deletion_id",
            postgresql_where=literal_column("(deleted_at IS NOT NULL)"),
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant whose endpoint was tried."""
    webhook_delivery_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The delivery that was tried."""
    attempt_number: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    """The how-manieth try of the delivery, from 1."""
    response_status: Mapped[int | None] = mapped_column(SmallInteger(), default=None)
    """HTTP status of the answer; NULL: there was none."""
    error_message: Mapped[str | None] = mapped_column(Text(), default=None)
    """Personal: what went wrong, as the HTTP client or the endpoint told; it may quote the payload."""
    duration_ms: Mapped[int] = mapped_column(Integer())
    """Milliseconds until the answer or the failure."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the try ended."""
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
    """When its delivery was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False, server_default=FetchedValue())
    """The deletion of its delivery."""

    tenant: Mapped["Tenant"] = relationship(init=False, viewonly=True, lazy="raise")
    webhook_delivery: Mapped["WebhookDelivery"] = relationship(init=False, viewonly=True, lazy="raise")
