# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The view `public.decrypted_communication_logs`."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column

from messaging_schema.base import Base, View

__all__ = [
    "DecryptedCommunicationLog",
    "DecryptedCommunicationLogChannel",
    "DecryptedCommunicationLogDirection",
    "DecryptedCommunicationLogStatus",
]

DecryptedCommunicationLogChannel = Literal["whatsapp", "slack"]
DecryptedCommunicationLogDirection = Literal["inbound", "outbound"]
DecryptedCommunicationLogStatus = Literal["queued", "sent", "delivered", "read", "failed", "received"]


class DecryptedCommunicationLog(View, Base):
    """Live messages with the other side's phone number, for service_role; by number:
    find_communication_logs_by_phone_number.
    """

    __tablename__ = "decrypted_communication_logs"
    __table_args__ = {"info": {"is_view": True}}  # noqa: RUF012

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    communication_log_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    channel: Mapped[DecryptedCommunicationLogChannel] = mapped_column(Text(), init=False)
    direction: Mapped[DecryptedCommunicationLogDirection] = mapped_column(Text(), init=False)
    status: Mapped[DecryptedCommunicationLogStatus] = mapped_column(Text(), init=False)
    verified_whatsapp_number_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False)
    phone_number: Mapped[str | None] = mapped_column(Text(), init=False)
    slack_connection_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False)
    workspace_id: Mapped[str | None] = mapped_column(Text(), init=False)
    slack_user_id: Mapped[str | None] = mapped_column(Text(), init=False)
    provider_message_id: Mapped[str | None] = mapped_column(Text(), init=False)
    body: Mapped[str | None] = mapped_column(Text(), init=False)
    error_code: Mapped[str | None] = mapped_column(Text(), init=False)
    metadata_: Mapped[dict[str, Any]] = mapped_column(
        "metadata",
        MutableDict.as_mutable(JSONB(none_as_null=True)),
        init=False,
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
