# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The view `public.decrypted_slack_connections`."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from messaging_schema.base import Base, View

__all__ = ["DecryptedSlackConnection", "DecryptedSlackConnectionStatus"]

DecryptedSlackConnectionStatus = Literal["active", "revoked", "failing"]


class DecryptedSlackConnection(View, Base):
    """Live connections with their bot token, for service_role."""

    __tablename__ = "decrypted_slack_connections"
    __table_args__ = {"info": {"is_view": True}}  # noqa: RUF012

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    slack_connection_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    workspace_id: Mapped[str] = mapped_column(Text(), init=False)
    workspace_name: Mapped[str] = mapped_column(Text(), init=False)
    bot_user_id: Mapped[str] = mapped_column(Text(), init=False)
    bot_token: Mapped[str] = mapped_column(Text(), init=False)
    scopes: Mapped[list[str]] = mapped_column(MutableList.as_mutable(ARRAY(Text())), init=False)
    default_channel_id: Mapped[str | None] = mapped_column(Text(), init=False)
    status: Mapped[DecryptedSlackConnectionStatus] = mapped_column(Text(), init=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
