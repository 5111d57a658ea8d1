"""Names and statements of a finding's remedy and detail: to paste into psql, whole, and undone at their end."""

import re

from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS

from schemaproof.attack import quoted

__all__ = ["named", "paste", "to"]

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_KEYWORDS = frozenset(RESERVED_KEYWORDS | COL_NAME_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS)


def named(name: str) -> str:
    """Return a name as PostgreSQL writes it: quoted only where it must be."""
    return name if _PLAIN.fullmatch(name) and name not in _KEYWORDS else quoted(name)


def paste(*statements: str, role: str = "") -> str:
    """Return statements to paste, as a role where one is given, in a transaction that is rolled back."""
    acting = (f"set local role {named(role)}",) if role else ()
    return "\n".join(f"{line};" for line in ("begin", *acting, *statements, "rollback"))


def to(*roles: str) -> str:
    """Return roles as a GRANT or a REVOKE names them; `public` is everybody."""
    return ", ".join(map(named, roles))
