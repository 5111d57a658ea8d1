# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.slack_user_mappings`."""

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

if TYPE_CHECKING:
    from messaging_schema.models.slack_connections import SlackConnection
    from messaging_schema.models.tenants import Tenant
    from messaging_schema.models.verified_whatsapp_numbers import VerifiedWhatsappNumber

__all__ = ["SlackUserMapping"]


class SlackUserMapping(SoftDeletable, Base):
    """Which person a Slack user is, within a connected workspace."""

    __tablename__ = "slack_user_mappings"
    __table_args__ = (
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check("metadata_has_at_most_16_kilobytes", "(octet_length((metadata)::text) <= 16384)"),
        check("metadata_is_an_object", "(jsonb_typeof(metadata) = 'object'::text)"),
        check(
            "person_email_is_one_address_of_at_most_320_characters",
            "((char_length(person_email) <= 320) AND (person_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))",
        ),
        check(
            "person_name_has_1_to_200_characters",
            "((char_length(person_name) >= 1) AND (char_length(person_name) <= 200))",
        ),
        check("slack_user_id_is_of_slacks_form", "(slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)"),
        ForeignKeyConstraint(
            ["tenant_id", "workspace_id", "slack_connection_id"],
            [
                "public.slack_connections.tenant_id",
                "public.slack_connections.workspace_id",
                "public.slack_connections.slack_connection_id",
            ],
            name="slack_user_mappings_slack_connections_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="slack_user_mappings_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "verified_whatsapp_number_id"],
            [
                "public.verified_whatsapp_numbers.tenant_id",
                "public.verified_whatsapp_numbers.verified_whatsapp_number_id",
            ],
            name="slack_user_mappings_verified_whatsapp_numbers_fkey",
            ondelete="SET NULL (verified_whatsapp_number_id)",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "slack_user_mapping_id", name="slack_user_mappings_pkey"),
        Index(
            "slack_user_mappings_created_at_idx",
            "tenant_id",
            "created_at",
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
        Index(
            "slack_user_mappings_deleted_at_idx",
            "deleted_at",
            "deletion_id",
            postgresql_where=literal_column("(deleted_at IS NOT NULL)"),
        ),
        Index(
            "slack_user_mappings_live_slack_user_id_key",
            "tenant_id",
            "workspace_id",
            "slack_user_id",
            unique=True,
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
        Index(
            "slack_user_mappings_metadata_idx",
            "metadata",
            postgresql_using="gin",
            postgresql_ops={"metadata": "jsonb_path_ops"},
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
        Index("slack_user_mappings_slack_connection_id_idx", "tenant_id", "workspace_id", "slack_connection_id"),
        Index(
            "slack_user_mappings_verified_whatsapp_number_id_idx",
            "tenant_id",
            "verified_whatsapp_number_id",
            postgresql_where=literal_column("(verified_whatsapp_number_id IS NOT NULL)"),
        ),
        Index(
            "slack_user_mappings_workspace_id_idx",
            "workspace_id",
            "slack_user_id",
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant that knows the person."""
    slack_user_mapping_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The row, within its tenant."""
    slack_connection_id: Mapped[UUID] = mapped_column(Uuid())
    """The connection that the Slack user was met in."""
    workspace_id: Mapped[str] = mapped_column(Text())
    """The connection's workspace, for the policies."""
    slack_user_id: Mapped[str] = mapped_column(Text())
    """Personal: Slack's id of the user, within the workspace."""
    person_name: Mapped[str | None] = mapped_column(Text(), default=None)
    """Personal: the name of the person."""
    person_email: Mapped[str | None] = mapped_column(Text(), default=None)
    """Personal: the person's e-mail address."""
    verified_whatsapp_number_id: Mapped[UUID | None] = mapped_column(Uuid(), default=None)
    """The person's WhatsApp number, if verified."""
    metadata_: Mapped[dict[str, Any]] = mapped_column(
        "metadata",
        MutableDict.as_mutable(JSONB(none_as_null=True)),
        default=None,
        server_default=text("'{}'::jsonb"),
    )
    """Personal: the tenant's own attributes."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the user was mapped."""
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
    """When the mapping was soft-deleted; NULL: live."""
    deletion_id: Mapped[UUID | None] = mapped_column(Uuid(), init=False, server_default=FetchedValue())
    """What was deleted together shares it, and is restored together."""

    slack_connection: Mapped["SlackConnection"] = relationship(init=False, viewonly=True, lazy="raise")
    tenant: Mapped["Tenant"] = relationship(init=False, viewonly=True, lazy="raise")
    verified_whatsapp_number: Mapped["VerifiedWhatsappNumber | None"] = relationship(
        init=False,
        viewonly=True,
        lazy="raise",
    )
