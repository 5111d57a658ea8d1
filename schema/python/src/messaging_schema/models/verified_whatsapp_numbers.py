# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.verified_whatsapp_numbers`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    FetchedValue,
    ForeignKeyConstraint,
    Index,
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
from messaging_schema.models.domains import E164

if TYPE_CHECKING:
    from messaging_schema.models.communication_logs import CommunicationLog
    from messaging_schema.models.slack_user_mappings import SlackUserMapping
    from messaging_schema.models.tenants import Tenant

__all__ = ["VerifiedWhatsappNumber"]


class VerifiedWhatsappNumber(SoftDeletable, Base):
    """WhatsApp numbers that a tenant has verified with a code."""

    __tablename__ = "verified_whatsapp_numbers"
    __table_args__ = (
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check("label_has_1_to_100_characters", "((char_length(label) >= 1) AND (char_length(label) <= 100))"),
        check("metadata_has_at_most_16_kilobytes", "(octet_length((metadata)::text) <= 16384)"),
        check("metadata_is_an_object", "(jsonb_typeof(metadata) = 'object'::text)"),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="verified_whatsapp_numbers_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "verified_whatsapp_number_id", name="verified_whatsapp_numbers_pkey"),
        Index(
            "verified_whatsapp_numbers_created_at_idx",
            "tenant_id",
            "created_at",
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
        Index(
            "verified_whatsapp_numbers_deleted_at_idx",
            "deleted_at",
            "deletion_id",
            postgresql_where=literal_column("(deleted_at IS NOT NULL)"),
        ),
        Index(
            "verified_whatsapp_numbers_live_phone_number_key",
            "tenant_id",
            "phone_number",
            unique=True,
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
        Index(
            "verified_whatsapp_numbers_metadata_idx",
            "metadata",
            postgresql_using="gin",
            postgresql_ops={"metadata": "jsonb_path_ops"},
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant that verified the number."""
    verified_whatsapp_number_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The row, within its tenant."""
    phone_number: Mapped[str] = mapped_column(E164)
    """Personal: the number. Live once a tenant; several tenants may have verified the same one."""
    label: Mapped[str | None] = mapped_column(Text(), default=None)
    """Personal: what the tenant calls it, often a name."""
    metadata_: Mapped[dict[str, Any]] = mapped_column(
        "metadata",
        MutableDict.as_mutable(JSONB(none_as_null=True)),
        default=None,
        server_default=text("'{}'::jsonb"),
    )
    """Personal: the tenant's own attributes."""
    verified_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the right code was given."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the row was made."""
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
    """When the number was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False, server_default=FetchedValue())
    """What was deleted together shares it, and is restored together."""

    tenant: Mapped["Tenant"] = relationship(init=False, viewonly=True, lazy="raise")
    communication_logs: Mapped[list["CommunicationLog"]] = relationship(init=False, viewonly=True, lazy="raise")
    slack_user_mappings: Mapped[list["SlackUserMapping"]] = relationship(init=False, viewonly=True, lazy="raise")
