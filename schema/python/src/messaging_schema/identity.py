"""Who asks: the role and the claims that a transaction runs under."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

__all__ = ["Identity", "anon", "member", "service"]


@dataclass(frozen=True)
class Identity:
    """A role of the database, the claims of a token, and settings that hold for the transaction.

    Args:
        role: one that the login role of the engine may become.
        claims: of a token whose signature the service has verified.
        settings: such as `{"statement_timeout": "8s"}`: SET ROLE does not apply those of the role.
    """

    role: str
    claims: Mapping[str, object] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def transaction(self) -> dict[str, str]:
        """The settings that make a transaction this identity's; the role, which may set less, comes last."""
        claims = json.dumps({**self.claims, "role": self.role}, default=str)
        return {**self.settings, "request.jwt.claims": claims, "role": self.role}


def member(
    tenant_id: UUID,
    *,
    workspace_id: str | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
    **claims: object,
) -> Identity:
    """Return a logged-in member of a tenant, narrowed to one Slack workspace where `workspace_id` is given."""
    narrowed = {} if workspace_id is None else {"workspace_id": workspace_id}
    return Identity("authenticated", {**claims, "tenant_id": str(tenant_id), **narrowed}, settings)


def service(*, settings: Mapping[str, str] = MappingProxyType({})) -> Identity:
    """Return the back end itself, which bypasses row-level security: its queries name their tenant."""
    return Identity("service_role", settings=settings)


def anon() -> Identity:
    """Return a visitor, who may do nothing."""
    return Identity("anon")
