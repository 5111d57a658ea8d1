"""Memberships that a user has no more, or has twice: taken away, marked as ended, joined by a second one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker, Players
from schemaproof.attack.statements import insertion, removal, unnoticed, update_at
from schemaproof.attack.users import own_keys, own_rows
from schemaproof.attack.worlds import Held
from schemaproof.surface import Relation
from schemaproof.tenancy import ColumnOf

__all__ = ["memberships"]

# How columns say that a membership has ended, and with which words.
_ENDED_AT = re.compile(r"(revok|remov|delet|left|ended|expire|disabl|deactivat|suspend|bann|until)", re.IGNORECASE)
_ENDED = re.compile(r"(revoked|removed|deleted|disabled|deactivated|suspended|banned|expired)", re.IGNORECASE)
_ACTIVE = re.compile(r"^(is_)?(active|enabled)$", re.IGNORECASE)
_ENDED_WORDS = ("revoked", "removed", "suspended", "disabled", "deactivated", "inactive", "banned", "left", "expired")


def memberships(arena: Arena) -> Iterator[tuple[Attacker, str]]:
    """Yield users without the membership that they had, and one who is a member of two tenants."""
    tables = _tables_of_members(arena)
    if tables and len(arena.worlds) >= 3:
        # The last user: the first one is likelier to own the tenant itself.
        member = list(Players(arena).users(arena.worlds[0]))[-1]
        looked_up = dict.fromkeys(relation for relation, _ in arena.discovery.memberships)
        gone = [removal(relation, row.place) for relation in looked_up for row in own_rows(arena, relation, member)]
        if gone:
            yield _ended(arena, member, "member of A whose membership has ended", gone), "A"
        for relation, _ in tables:
            yield from ((attacker, "A") for attacker in _marked(arena, relation, member))
        joins = tuple(join for relation, user in tables if (join := _join(arena, relation, user)) is not None)
        if joins:
            first = Players(arena).member(arena.worlds[0])
            yield replace(_named(first, "member of A and C"), before=unnoticed(*joins), also=("C",)), "B"


def _marked(arena: Arena, relation: Relation, member: Attacker) -> Iterator[Attacker]:
    """The user whose rows are marked as ended; before these, for contrast, the one whose rows are not there."""
    rows = own_rows(arena, relation, member)
    endings = list(_endings(arena, relation, rows))
    without = f"member of A without a row in {relation.label}"
    if endings:
        yield _ended(arena, member, without, [removal(relation, row.place) for row in rows])
    for what, statement in endings:
        ended = _ended(arena, member, f"member of A whose membership is {what}", [statement])
        yield replace(ended, contrast=without)


def _ended(arena: Arena, member: Attacker, name: str, statements: Sequence[str]) -> Attacker:
    before, own = unnoticed(*statements), own_keys(arena, member)
    return replace(_named(member, name), world=None, before=before, own=own)


def _tables_of_members(arena: Arena) -> list[tuple[Relation, str]]:
    """Tables that say which user belongs to which tenant, each with its column for the user."""
    boundary = arena.discovery.boundary
    if boundary is None or boundary.of_users:
        return []
    return [
        (relation, user)
        for relation, user in arena.discovery.memberships
        if any(ColumnOf(relation.label, column.name) in boundary.nodes for column in relation.columns)
    ]


def _endings(arena: Arena, relation: Relation, rows: Sequence[Held]) -> Iterator[tuple[str, str]]:
    """Statements that end memberships in a way that their table has a column for, where it lets them."""
    places = [row.place for row in rows]
    for column in relation.columns if rows else ():
        for value in _ended_values(column.name, column.type):
            statement = update_at(relation, [column.name], {column.name: value}, places)
            if arena.accepts(statement):
                yield f"marked by {column.name} = {value}", statement
                break


def _ended_values(name: str, kind: str) -> tuple[str, ...]:
    if kind.startswith("timestamp") or kind == "date":
        return ("2001-01-01",) if _ENDED_AT.search(name) else ()
    if kind == "boolean":
        return ("false",) if _ACTIVE.search(name) else (("true",) if _ENDED.search(name) else ())
    return _ENDED_WORDS if re.search(r"stat(us|e)", name, re.IGNORECASE) else ()


def _join(arena: Arena, relation: Relation, user: str) -> str | None:
    """A statement that makes the first user of A a member of C as well, as C's first member is; None where it fails."""
    rows, own = arena.held(relation.label, "C"), arena.held(relation.label, "A")
    if not rows or not own:
        return None
    names = [column.name for column in relation.columns if column.writable]
    values = dict(rows[0].values) | {user: own[0].values[user]}
    for key in relation.keys:
        if key.primary and len(key.columns) == 1 and key.columns[0] not in (None, user):
            names = [name for name in names if name != key.columns[0] or values[name] is None]
    statement = f"{insertion(relation, names, values)} on conflict do nothing"
    return statement if arena.accepts(statement) else None


def _named(attacker: Attacker, name: str) -> Attacker:
    return replace(attacker, identity=replace(attacker.identity, name=name))
