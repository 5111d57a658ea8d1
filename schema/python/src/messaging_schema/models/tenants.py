# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.tenants`."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import DateTime, FetchedValue, Integer, PrimaryKeyConstraint, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from messaging_schema.base import Base, SoftDeletable, check

if TYPE_CHECKING:
    from messaging_schema.models.communication_logs import CommunicationLog
    from messaging_schema.models.slack_connections import SlackConnection
    from messaging_schema.models.slack_user_mappings import SlackUserMapping
    from messaging_schema.models.usage_statistics import UsageStatistic
    from messaging_schema.models.verified_whatsapp_numbers import VerifiedWhatsappNumber
    from messaging_schema.models.webhook_attempts import WebhookAttempt
    from messaging_schema.models.webhook_deliveries import WebhookDelivery
    from messaging_schema.models.whatsapp_verifications import WhatsappVerification

__all__ = ["Tenant"]


class Tenant(SoftDeletable, Base):
    """Customers of the product; deleting one for good deletes all that it owns."""

    __tablename__ = "tenants"
    __table_args__ = (
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check("name_has_1_to_200_characters", "((char_length(name) >= 1) AND (char_length(name) <= 200))"),
        check(
            "retention_is_1_day_to_10_years",
            "((communication_log_retention_days >= 1) AND (communication_log_retention_days <= 3650))",
        ),
        check("tenant_id_is_not_nil", "(tenant_id <> '00000000-0000-0000-0000-000000000000'::uuid)"),
        PrimaryKeyConstraint("tenant_id", name="tenants_pkey"),
    )

    tenant_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The tenant, as the claim tenant_id names it. Never the nil UUID, which stands for the system in the audit log."""
    name: Mapped[str] = mapped_column(Text())
    """Name of the customer."""
    communication_log_retention_days: Mapped[int] = mapped_column(Integer(), default=None, server_default=text("180"))
    """Days after which a communication log is removed for good. Set by service_role: shortening it destroys data."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the tenant was made."""
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
    """When the tenant was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False, server_default=FetchedValue())
    """What was deleted together shares it, and is restored together."""

    communication_logs: Mapped[list["CommunicationLog"]] = relationship(init=False, viewonly=True, lazy="raise")
    slack_connections: Mapped[list["SlackConnection"]] = relationship(init=False, viewonly=True, lazy="raise")
    slack_user_mappings: Mapped[list["SlackUserMapping"]] = relationship(init=False, viewonly=True, lazy="raise")
    usage_statistics: Mapped[list["UsageStatistic"]] = relationship(init=False, viewonly=True, lazy="raise")
    verified_whatsapp_numbers: Mapped[list["VerifiedWhatsappNumber"]] = relationship(
        init=False,
        viewonly=True,
        lazy="raise",
    )
    webhook_attempts: Mapped[list["WebhookAttempt"]] = relationship(init=False, viewonly=True, lazy="raise")
    webhook_deliveries: Mapped[list["WebhookDelivery"]] = relationship(init=False, viewonly=True, lazy="raise")
    whatsapp_verifications: Mapped[list["WhatsappVerification"]] = relationship(
        init=False,
        viewonly=True,
        lazy="raise",
    )
