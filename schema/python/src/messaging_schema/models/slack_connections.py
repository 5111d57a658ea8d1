# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The table `public.slack_connections`."""

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
    Text,
    UniqueConstraint,
    Uuid,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from messaging_schema.base import Base, SoftDeletable, check
from messaging_schema.models.domains import CIPHERTEXT

if TYPE_CHECKING:
    from messaging_schema.models.communication_logs import CommunicationLog
    from messaging_schema.models.slack_user_mappings import SlackUserMapping
    from messaging_schema.models.tenants import Tenant

__all__ = ["SlackConnection", "SlackConnectionStatus"]

SlackConnectionStatus = Literal["active", "revoked", "failing"]


class SlackConnection(SoftDeletable, Base):
    """Slack workspaces that tenants have connected; one may be of several tenants."""

    __tablename__ = "slack_connections"
    __table_args__ = (
        check("bot_token_has_at_most_1_kilobyte", "(octet_length((bot_token_ciphertext)::bytea) <= 1077)"),
        check("bot_token_names_its_key", "(SUBSTRING(bot_token_ciphertext FROM 2 FOR 4) = int4send(key_version))"),
        check("bot_user_id_is_of_slacks_form", "(bot_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)"),
        check("default_channel_id_is_of_slacks_form", "(default_channel_id ~ '^[CDG][A-Z0-9]{2,20}$'::text)"),
        check("deletion_is_whole", "((deleted_at IS NULL) = (deletion_id IS NULL))"),
        check(
            "scopes_are_at_most_100_names",
            "((cardinality(scopes) <= 100) AND (array_position(scopes, NULL::text) IS NULL) AND "
            "(char_length(array_to_string(scopes, ','::text)) <= 4000) AND (array_to_string(scopes, ','::text) ~ "
            "'^[a-z0-9_:.,-]*$'::text))",
        ),
        check("status_is_known", "(status = ANY (ARRAY['active'::text, 'revoked'::text, 'failing'::text]))"),
        check("workspace_id_is_of_slacks_form", "(workspace_id ~ '^[ET][A-Z0-9]{2,20}$'::text)"),
        check(
            "workspace_name_has_1_to_200_characters",
            "((char_length(workspace_name) >= 1) AND (char_length(workspace_name) <= 200))",
        ),
        ForeignKeyConstraint(
            ["key_version"],
            ["private.encryption_keys.key_version"],
            name="slack_connections_encryption_keys_fkey",
            ondelete="RESTRICT",
            onupdate="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["public.tenants.tenant_id"],
            name="slack_connections_tenants_fkey",
            ondelete="CASCADE",
            onupdate="RESTRICT",
        ),
        PrimaryKeyConstraint("tenant_id", "slack_connection_id", name="slack_connections_pkey"),
        UniqueConstraint("tenant_id", "workspace_id", "slack_connection_id", name="slack_connections_workspace_id_key"),
        Index("slack_connections_key_version_idx", "key_version"),
        Index(
            "slack_connections_live_workspace_id_key",
            "tenant_id",
            "workspace_id",
            unique=True,
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
        Index(
            "slack_connections_workspace_id_idx",
            "workspace_id",
            postgresql_where=literal_column("(deleted_at IS NULL)"),
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    """The tenant that connected the workspace."""
    slack_connection_id: Mapped[UUID] = mapped_column(
        Uuid(),
        primary_key=True,
        default=None,
        server_default=text("gen_random_uuid()"),
    )
    """The row, within its tenant."""
    workspace_id: Mapped[str] = mapped_column(Text())
    """Slack's id of the workspace (T…) or enterprise (E…)."""
    workspace_name: Mapped[str] = mapped_column(Text())
    """Slack's name of the workspace."""
    bot_user_id: Mapped[str] = mapped_column(Text())
    """Slack's id of the bot that the token belongs to."""
    bot_token_ciphertext: Mapped[bytes] = mapped_column(
        CIPHERTEXT,
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Secret: the bot token, encrypted."""
    key_version: Mapped[int] = mapped_column(
        Integer(),
        deferred=True,
        deferred_group="sealed",
        deferred_raiseload=True,
    )
    """Version of the key of bot_token_ciphertext."""
    scopes: Mapped[list[str]] = mapped_column(
        MutableList.as_mutable(ARRAY(Text())),
        default=None,
        server_default=text("'{}'::text[]"),
    )
    """What Slack lets the token do."""
    default_channel_id: Mapped[str | None] = mapped_column(Text(), default=None)
    """Channel that messages without one go to."""
    status: Mapped[SlackConnectionStatus] = mapped_column(Text(), default=None, server_default=text("'active'::text"))
    """active; revoked: Slack refused the token for good; failing: the last calls failed."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=None, server_default=text("now()"))
    """When the workspace was connected."""
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
    """When the connection was soft-deleted; NULL: live."""
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
    communication_logs: Mapped[list["CommunicationLog"]] = relationship(init=False, viewonly=True, lazy="raise")
    slack_user_mappings: Mapped[list["SlackUserMapping"]] = relationship(init=False, viewonly=True, lazy="raise")
