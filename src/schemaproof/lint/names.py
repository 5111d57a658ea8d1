"""Labels of objects as PostgreSQL writes them, from the parser's names; what has no schema is one of `public`."""

import re
from typing import Any

from pglast.enums import RoleSpecType

from schemaproof.origins.names import qualified, routine, strings
from schemaproof.references import Name

__all__ = ["label", "names_label", "part_of", "role_of", "routine_label", "routine_name", "written"]

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")


def written(*names: str) -> str:
    """Write a name, quoted where it must be."""
    return ".".join(name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"' for name in names)


def label(relation: Any) -> str:
    """Return the label of a parser's `RangeVar`, or of a `Name`."""
    if isinstance(relation, Name):
        return written(relation.schema or "public", relation.name)
    return written(relation.schemaname or "public", relation.relname)


def names_label(names: Any) -> str:
    """Return the label of what DROP, ALTER TYPE and the like name."""
    return written(*qualified(strings(names))[-2:])


def part_of(names: Any) -> tuple[str, str]:
    """Return table and own name of a policy, trigger, rule or constraint that DROP names."""
    parts = strings(names)
    return written(*qualified(parts[:-1])[-2:]), parts[-1]


def routine_label(names: Any, parameters: Any) -> str:
    """Return `public.f(integer, text)`; without arguments where they are not told."""
    path = routine(strings(names), parameters)
    arguments = f"({', '.join(path[3].split(','))})" if len(path) > 3 else ""
    return written(*path[1:3]) + arguments


def routine_name(routine_label_: str) -> str:
    """Return a routine's label without its arguments."""
    return routine_label_.partition("(")[0]


def role_of(role: Any) -> str:
    """Return a role's name; PUBLIC is `public`."""
    return "public" if role.roletype == RoleSpecType.ROLESPEC_PUBLIC else str(role.rolename or "current_user")
