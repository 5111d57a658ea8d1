# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.usage_statistics`."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from messaging_schema.base import Base, SoftDeletable, check

if TYPE_CHECKING:
    from messaging_schema.models.tenants import Tenant

__all__ = ["UsageStatistic"]


class UsageStatistic(SoftDeletable, Base):
    """Usage of a tenant, by day."""

    __tablename__ = "usage_statistics"
    __table_args__ = (
        check(
            "counts_are_not_negative",
            "(LEAST(whatsapp_messages, slack_messages, failed_messages, verifications_requested, "
            "verifications_succeeded, webhooks_delivered, webhooks_exhausted) >= 0)",
        ),
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check("failed_messages_are_among_the_messages", "(failed_messages <= (whatsapp_messages + slack_messages))"),
        check("successes_are_among_the_requests", "(verifications_succeeded <= verifications_requested)"),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="usage_statistics_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "usage_statistic_id", name="usage_statistics_pkey"),
        Index(
            "usage_statistics_deleted_at_idx",
            "deleted_at",
            "deletion_id",
            postgresql_where=literal_column("(deleted_at IS NOT NULL)"),
        ),
        Index(
            "usage_statistics_live_day_key",
            "tenant_id",
            "day",
            unique=True,
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant whose usage it is."""
    usage_statistic_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The row, within its tenant."""
    day: Mapped[date] = mapped_column(Date())
    """The day, in UTC, of created_at of what is counted."""
    whatsapp_messages: Mapped[int] = mapped_column(BigInteger(), default=None, server_default=text("0"))
    """WhatsApp messages logged, of either direction."""
    slack_messages: Mapped[int] = mapped_column(BigInteger(), default=None, server_default=text("0"))
    """Slack messages logged, of either direction."""
    failed_messages: Mapped[int] = mapped_column(BigInteger(), default=None, server_default=text("0"))
    """Messages of either channel that failed."""
    verifications_requested: Mapped[int] = mapped_column(BigInteger(), default=None, server_default=text("0"))
    """Verification codes requested."""
    verifications_succeeded: Mapped[int] = mapped_column(BigInteger(), default=None, server_default=text("0"))
    """Of those, codes that were given right."""
    webhooks_delivered: Mapped[int] = mapped_column(BigInteger(), default=None, server_default=text("0"))
    """Webhook deliveries that the endpoint took."""
    webhooks_exhausted: Mapped[int] = mapped_column(BigInteger(), default=None, server_default=text("0"))
    """Webhook deliveries given up."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the day was first counted."""
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        init=False,
        server_default=text("now()"),
        server_onupdate=FetchedValue(),
    )
    """When the day was last counted; kept by a trigger."""
    deleted_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True),
        init=False,
        server_default=FetchedValue(),
    )
    """When its tenant was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False, server_default=FetchedValue())
    """The deletion of its tenant."""

    tenant: Mapped["Tenant"] = relationship(init=False, viewonly=True, lazy="raise")
