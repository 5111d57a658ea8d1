# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The view `public.current_verifications`."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import DateTime, SmallInteger, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from messaging_schema.base import Base, View
from messaging_schema.models.domains import E164

__all__ = ["CurrentVerification", "CurrentVerificationStatus"]

CurrentVerificationStatus = Literal["pending", "verified", "superseded", "locked", "expired"]


class CurrentVerification(View, Base):
    """Live verifications as they are now: a code past its time is expired, stored or not."""

    __tablename__ = "current_verifications"
    __table_args__ = {"info": {"is_view": True}}  # noqa: RUF012

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    whatsapp_verification_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, init=False)
    phone_number: Mapped[str] = mapped_column(E164, init=False)
    """Personal: where the code was sent."""
    status: Mapped[CurrentVerificationStatus] = mapped_column(Text(), init=False)
    failed_attempts: Mapped[int] = mapped_column(SmallInteger(), init=False)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), init=False)
