"""What migrations do to roles, which belong to the whole server and not to a database."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import ObjectType
from pglast.parser import ParseError

from schemaproof.migrations.statement import Statement

__all__ = ["RoleUse", "roles_named"]

# Only these are parsed; a GRANT of privileges has its ON, a grant of roles none.
_CANDIDATE = re.compile(
    r"(?:create|alter|drop)\s+(?:role|user|group)\b|(?:grant|revoke)\s+(?![^;]*\son\s)|reassign\b|drop\s+owned\b|do\b",
    re.IGNORECASE,
)
_NAMING = re.compile(r"alter\b|create\s+(?:policy|schema)\b|grant\b|revoke\b", re.IGNORECASE)
_IN_BLOCK = re.compile(
    r"""\b(?P<verb>create|alter|drop)\s+(?:role|user|group)\s+(?!mapping\b)(?:if\s+(?:not\s+)?exists\s+)?
    (?P<name>"(?:[^"]|"")+"|[a-z_][\w$]*)?
    | \b(?P<owned>reassign|drop)\s+owned\b
    | \bgrant\s+(?P<granted>"(?:[^"]|"")+"|[a-z_][\w$]*)\s+to\s+(?P<member>"(?:[^"]|"")+"|[a-z_][\w$]*)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_UNKNOWN = "a role that is not named"
_Names = tuple[str, ...]


@dataclass(frozen=True)
class RoleUse:
    """The roles that a history makes, and those that it changes and does not make.

    Args:
        created: by CREATE ROLE, USER or GROUP; a second run on the server fails there.
        ensured: in a DO block, where it may look first.
        changed: altered, dropped, granted, or relieved of what they own.
    """

    created: frozenset[str] = frozenset()
    ensured: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.created or self.ensured or self.changed)

    @property
    def made(self) -> frozenset[str]:
        """Every role that may be there afterwards and was not before."""
        return self.created | self.ensured

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> "RoleUse":
        """Read the statements; a DO block is searched by words, for rather too much than too little."""
        created, ensured, changed = set[str](), set[str](), set[str]()
        for statement in statements:
            if not _CANDIDATE.match(statement.sql):
                continue
            for node in _parsed(statement.sql):
                if isinstance(node, ast.CreateRoleStmt):
                    created.add(str(node.role))
                elif isinstance(node, ast.DoStmt):
                    made, touched = _in_block(node)
                    ensured |= made
                    changed |= touched
                else:
                    changed |= _changed(node, created | ensured)
        return cls(frozenset(created), frozenset(ensured), frozenset(changed - created - ensured))


def roles_named(statements: Iterable[Statement]) -> frozenset[str]:
    """Return the roles that statements hand objects and privileges to, or name in policies and default privileges."""
    named = set[str]()
    for statement in statements:
        if _NAMING.match(statement.sql):
            for node in _parsed(statement.sql):
                named |= {spec.rolename for spec in _specs(node) if spec.rolename}
    return frozenset(name for name in named if not name.startswith("pg_"))


def _changed(node: Any, made: set[str]) -> set[str]:
    match node:
        case ast.AlterRoleStmt() | ast.AlterRoleSetStmt():
            return {_name(node.role)}
        case ast.DropRoleStmt() | ast.DropOwnedStmt() | ast.ReassignOwnedStmt():
            return {_name(role) for role in node.roles or ()}
        case ast.RenameStmt(renameType=ObjectType.OBJECT_ROLE):
            return {str(node.subname)}
        case ast.GrantRoleStmt():
            granted: Any = node.granted_roles
            members: Any = node.grantee_roles
            return _memberships([role.priv_name for role in granted], [_name(role) for role in members], made)
    return set()


def _memberships(granted: list[str], members: list[str], made: set[str]) -> set[str]:
    """A membership goes with either of its roles, so that it lasts only where both stay."""
    lasting = {(role, member) for role in granted for member in members if not {role, member} & made}
    return {member for _, member in lasting}


def _in_block(node: ast.DoStmt) -> tuple[set[str], set[str]]:
    options: Any = node.args or ()
    body = "\n".join(option.arg.sval for option in options if option.defname == "as")
    made, changed = set[str](), set[str]()
    for found in _IN_BLOCK.finditer(body):
        name = _folded(found["name"]) if found["name"] else _UNKNOWN
        if found["owned"]:
            changed.add(_UNKNOWN)
        elif found["granted"]:
            changed |= _memberships([_folded(found["granted"])], [_folded(found["member"])], made)
        elif found["verb"].lower() == "create" and found["name"]:
            made.add(name)
        else:
            changed.add(name)
    return made, changed


def _folded(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _name(spec: Any) -> str:
    return getattr(spec, "rolename", None) or _UNKNOWN


def _specs(node: Any) -> Iterator[Any]:
    if isinstance(node, ast.RoleSpec):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from _specs(item)
    elif isinstance(node, ast.Node):
        for attribute in node:
            yield from _specs(getattr(node, attribute))


def _parsed(sql: str) -> list[Any]:
    try:
        return [raw.stmt for raw in parse_sql(sql)]
    except ParseError:  # the server judges it
        return []
