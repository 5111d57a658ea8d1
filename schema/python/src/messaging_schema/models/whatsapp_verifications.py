# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.whatsapp_verifications`."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal
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

from messaging_schema.base import Base, SoftDeletable, check
from messaging_schema.models.domains import E164, KEYED_HASH

if TYPE_CHECKING:
    from messaging_schema.models.tenants import Tenant

__all__ = ["WhatsappVerification", "WhatsappVerificationStatus"]

WhatsappVerificationStatus = Literal["pending", "verified", "superseded", "locked", "expired"]


class WhatsappVerification(SoftDeletable, Base):
    """One-time codes sent to WhatsApp numbers."""

    __tablename__ = "whatsapp_verifications"
    __table_args__ = (
        check(
            "code_lives_at_most_10_minutes",
            "((expires_at > created_at) AND (expires_at <= (created_at + '00:10:00'::interval)))",
        ),
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check("failed_attempts_are_0_to_5", "((failed_attempts >= 0) AND (failed_attempts <= 5))"),
        check("fifth_failure_locks", "((failed_attempts = 5) = (status = 'locked'::text))"),
        check(
            "status_is_known",
            "(status = ANY (ARRAY['pending'::text, 'verified'::text, 'superseded'::text, 'locked'::text, "
            "'expired'::text]))",
        ),
        check("verified_codes_have_their_time", "((status = 'verified'::text) = (verified_at IS NOT NULL))"),
        ForeignKeyConstraint(
            ["key_version"],
            ["private.encryption_keys.key_version"],
            name="whatsapp_verifications_encryption_keys_fkey",
            ondelete="RESTRICT",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="whatsapp_verifications_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "whatsapp_verification_id", name="whatsapp_verifications_pkey"),
        Index("whatsapp_verifications_created_at_idx", "tenant_id", "created_at"),
        Index(
            "whatsapp_verifications_deleted_at_idx",
            "deleted_at",
            "deletion_id",
            postgresql_where=literal_column("(deleted_at IS NOT NULL)"),
        ),
        Index("whatsapp_verifications_expires_at_idx", "expires_at"),
        Index("whatsapp_verifications_key_version_idx", "key_version"),
        Index(
            "whatsapp_verifications_pending_phone_number_key",
            "tenant_id",
            "phone_number",
            unique=True,
            postgresql_where=literal_column("((status = 'pending'::text) AND (deleted_at IS NULL))"),
        ),
        Index("whatsapp_verifications_phone_number_idx", "tenant_id", "phone_number", "created_at"),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant that wants to verify the number."""
    whatsapp_verification_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The row, within its tenant."""
    phone_number: Mapped[str] = mapped_column(E164)
    """Personal: where the code was sent."""
    code_hash: Mapped[bytes] = mapped_column(
        KEYED_HASH,
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Secret: keyed hash of tenant, row id and code. Keyed, since an unkeyed hash of six digits is searched in no time.
    """
    key_version: Mapped[int] = mapped_column(
        Integer(),
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Version of the key of code_hash."""
    status: Mapped[WhatsappVerificationStatus] = mapped_column(
        Text(),
        default=None,
        server_default=text("'pending'::text"),
    )
    """As stored. A pending code past expires_at is expired for every reader, whether or not a job has stored it."""
    failed_attempts: Mapped[int] = mapped_column(SmallInteger(), default=None, server_default=text("0"))
    """Wrong codes given; the fifth locks."""
    expires_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        default=None,
        server_default=text("(now() + '00:10:00'::interval)"),
    )
    """From when on the code is refused."""
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), default=None)
    """When the right code was given."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the code was requested; rate limits count by it."""
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
    """When the row was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(
        Uuid(),
        init=False,
        server_default=FetchedValue(),
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """What was deleted together shares it, and is restored together."""

    tenant: Mapped["Tenant"] = relationship(init=False, viewonly=True, lazy="raise")
