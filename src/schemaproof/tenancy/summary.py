"""The discovery of the tenancy as JSON values, for the results document: shown to the user, never silently assumed."""

from typing import Any

from schemaproof.tenancy.discovery import Discovery

__all__ = ["summary"]


def summary(discovery: Discovery) -> dict[str, Any]:
    """Return how tenants are told apart and why each table is taken as theirs or as shared.

    Returns:
        `configured`: the settings name the column; `boundary`: name of the key that tells tenants apart, or null;
        `keys`: each with its columns, claims and settings; `memberships`: tables that say who belongs where;
        `owned`, `shared`: tables by name with the reason.
    """
    return {
        "configured": discovery.column is not None,
        "boundary": discovery.boundary.name if discovery.boundary else None,
        "keys": [
            {
                "name": each.name,
                "columns": [str(place) for place in each.places],
                "claims": [".".join(claim.path) for claim in each.claims],
                "settings": [".".join((setting.name, *setting.path)) for setting in each.settings],
            }
            for each in discovery.classes
            if each.tied
        ],
        "memberships": sorted({relation.label for relation, _ in discovery.memberships}),
        "owned": dict(sorted(discovery.owned.items())),
        "shared": dict(sorted(discovery.shared.items())),
    }
