# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The view `public.decrypted_webhook_deliveries`."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import DateTime, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column

from messaging_schema.base import Base, View

__all__ = ["DecryptedWebhookDelivery", "DecryptedWebhookDeliveryEventType", "DecryptedWebhookDeliveryStatus"]

DecryptedWebhookDeliveryEventType = Literal[
    "message.sent",
    "message.delivered",
    "message.read",
    "message.failed",
    "message.received",
    "number.verified",
    "workspace.connected",
    "workspace.disconnected",
]
DecryptedWebhookDeliveryStatus = Literal["pending", "delivered", "exhausted"]


class DecryptedWebhookDelivery(View, Base):
    """Live deliveries with their signature, for service_role."""

    __tablename__ = "decrypted_webhook_deliveries"
    __table_args__ = {"info": {"is_view": True}}  # noqa: RUF012

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    webhook_delivery_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    communication_log_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False)
    event_type: Mapped[DecryptedWebhookDeliveryEventType] = mapped_column(Text(), init=False)
    endpoint_url: Mapped[str] = mapped_column(Text(), init=False)
    payload: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(JSONB(none_as_null=True)), init=False)
    signature: Mapped[str] = mapped_column(Text(), init=False)
    status: Mapped[DecryptedWebhookDeliveryStatus] = mapped_column(Text(), init=False)
    attempts: Mapped[int] = mapped_column(SmallInteger(), init=False)
    max_attempts: Mapped[int] = mapped_column(SmallInteger(), init=False)
    next_attempt_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
