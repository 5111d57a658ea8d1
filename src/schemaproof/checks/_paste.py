"""Statements of a finding's detail: to paste into psql, whole, and undone at their end."""

from schemaproof.attack import quoted

__all__ = ["paste", "to"]


def paste(*statements: str, role: str = "") -> str:
    """Return statements to paste, as a role where one is given, in a transaction that is rolled back."""
    acting = (f"set local role {quoted(role)}",) if role else ()
    return "\n".join(f"{line};" for line in ("begin", *acting, *statements, "rollback"))


def to(*roles: str) -> str:
    """Return roles as a GRANT or a REVOKE names them."""
    return ", ".join(role if role == "public" else quoted(role) for role in roles)
