"""Attackers with something wrong: odd tokens and settings, memberships that are not one's own, and back doors."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker, Players, put_setting
from schemaproof.attack.touches import put
from schemaproof.attack.worlds import Held
from schemaproof.identity import Identity
from schemaproof.surface import Relation
from schemaproof.tenancy import Claim, ColumnOf, KeyClass, Setting

__all__ = ["ROLE_CLAIM", "back_doors", "memberships", "odd_tokens"]

# The API takes the role of the session and the claim from one token: who has the one has the other.
ROLE_CLAIM = "member of A with the role service_role in the token"
# How columns say that a membership has ended, and with which words.
_ENDED_AT = re.compile(r"(revok|remov|delet|left|ended|expire|disabl|deactivat|suspend|bann|until)", re.IGNORECASE)
_ENDED = re.compile(r"(revoked|removed|deleted|disabled|deactivated|suspended|banned|expired)", re.IGNORECASE)
_ACTIVE = re.compile(r"^(is_)?(active|enabled)$", re.IGNORECASE)
_ENDED_WORDS = ("revoked", "removed", "suspended", "disabled", "deactivated", "inactive", "banned", "left", "expired")
_EDITABLE = ("user_metadata", "raw_user_meta_data")


def odd_tokens(arena: Arena) -> Iterator[tuple[Attacker, str]]:
    """Yield callers whose claims or settings are missing, empty, malformed or of somebody else's shape."""
    asked = _asked(arena)
    if asked is None:
        return
    mine, theirs = (world.keys[asked.name][0] for world in arena.worlds[:2])
    if asked.claims:
        yield from _odd_claims(arena, asked.claims[0], mine, theirs)
    elif asked.settings:
        yield from _odd_settings(arena, asked.settings[0], mine)


def _asked(arena: Arena) -> KeyClass | None:
    """The class that a request brings along: the tenant's, or else the user's."""
    boundary = arena.discovery.boundary
    classes = [each for each in arena.discovery.classes if each.tied and each.asked]
    fit = [each for each in classes if all(each.name in world.keys for world in arena.worlds[:2])]
    if boundary in fit:
        return boundary
    return next(iter(sorted(fit, key=lambda each: not each.of_users)), None)


def _odd_claims(arena: Arena, claim: Claim, mine: str, theirs: str) -> Iterator[tuple[Attacker, str]]:
    role = arena.cast.member
    base: dict[str, Any] = {"role": role}

    def token(name: str, text: str | None) -> tuple[Attacker, str]:
        return Attacker(Identity(name, role, text)), "B"

    yield token("no token", None)
    for name, text in (
        ("an empty token", ""),
        ("{}", "{}"),
        ("null", "null"),
        ("malformed JSON", "{"),
        ("[]", "[]"),
        ("1", "1"),
    ):
        yield token(f"token {name}", text)
    what = ".".join(claim.path)
    for name, value in (
        ("''", ""),
        ("null", None),
        ("no key", "not-a-key"),
        ("a wildcard", "%"),
        ("a list", ["not-a-key"]),
        ("an object", {"id": "not-a-key"}),
        ("a number", 1),
        ("true", True),
    ):
        claims = json.loads(json.dumps(base))
        put(claims, claim.path, value)
        yield token(f"{what} is {name}", json.dumps(claims))
    wrong = json.loads(json.dumps(base))
    put(wrong, (*claim.path[:-1], claim.path[-1].title().replace("_", "") + "s"), theirs)
    yield token(f"{what} under another name", json.dumps(wrong))
    player = Players(arena).member(arena.worlds[0])
    own = json.loads(player.identity.claims or "{}")
    for name, value in (("in upper case", mine.upper()), ("with spaces", f" {mine} ")):
        claims = json.loads(json.dumps(own))
        put(claims, claim.path, value)
        yield Attacker(Identity(f"{what} {name}", role, json.dumps(claims)), "A"), "B"
    yield Attacker(Identity(ROLE_CLAIM, role, json.dumps(own | {"role": "service_role"})), "A"), "B"
    for name, value in _look_alikes(arena, theirs):
        claims = json.loads(json.dumps(base))
        put(claims, claim.path, value)
        yield token(f"{what} of another tenant, {name}", json.dumps(claims))
    for place in ("user_metadata", "app_metadata"):
        if claim.path[0] != place:
            claims = own | {place: {claim.path[-1]: theirs}}
            if not _reads(arena, (place, claim.path[-1])):
                yield Attacker(Identity(f"member of A with {what} of B in {place}", role, json.dumps(claims)), "A"), "B"


def _reads(arena: Arena, path: tuple[str, ...]) -> bool:
    return Claim(path) in arena.discovery.facts.read


def _odd_settings(arena: Arena, setting: Setting, mine: str) -> Iterator[tuple[Attacker, str]]:
    role = arena.cast.member
    for name, value in (("''", ""), ("no key", "not-a-key"), ("a wildcard", "%"), ("null", "null"), ("0", "0")):
        yield Attacker(Identity(f"{setting.name} is {name}", role, None, ((setting.name, value),))), "B"
    for name, value in (("in upper case", mine.upper()), ("with spaces", f" {mine} ")):
        yield Attacker(Identity(f"{setting.name} {name}", role, None, ((setting.name, value),)), "A"), "B"
    theirs = arena.worlds[1].keys[asked_name(arena)][0]
    for name, value in _look_alikes(arena, theirs):
        label = f"{setting.name} of another tenant, {name}"
        yield Attacker(Identity(label, role, None, ((setting.name, value),))), "B"


def _look_alikes(arena: Arena, theirs: str) -> Iterator[tuple[str, str]]:
    """Keys of other tenants that are much like B's, where such a tenant can exist: no comparison may blur them."""
    asked = _asked(arena)
    roots = [column for column in asked.columns if column.relation in arena.relations] if asked else []
    kinds = {c.type for column in roots for c in arena.relations[column.relation].columns if c.name == column.column}
    if not roots or not kinds <= {"text", "character varying", "name"}:
        return
    for name, value in (
        ("the same in upper case", theirs.upper()),
        ("the same with spaces", f" {theirs} "),
        ("the same and more", f"{theirs}x"),
        ("its beginning", theirs[:-1]),
    ):
        if value != theirs and all(_can_hold(arena, column, value) for column in roots):
            yield name, value


def _can_hold(arena: Arena, column: ColumnOf, value: str) -> bool:
    relation = arena.relations[column.relation]
    update = sql.SQL("update {} set {} = {} where tableoid::text || ctid::text = any ({})").format(
        relation.identifier,
        sql.Identifier(column.column),
        sql.Literal(value),
        sql.Literal([row.place for row in arena.held(relation.label, "C")[:1]]),
    )
    with arena.trial():
        arena.wire.after("set local session_replication_role = replica")
        return arena.wire.after(update.as_string(None)).sqlstate is None


def asked_name(arena: Arena) -> str:
    """Name of the class that requests bring along."""
    asked = _asked(arena)
    return asked.name if asked else ""


def memberships(arena: Arena) -> Iterator[tuple[Attacker, str]]:
    """Yield users without the membership that they had, and one who is a member of two tenants."""
    tables = membership_tables(arena)
    if not tables or len(arena.worlds) < 3:
        return
    member = Players(arena).member(arena.worlds[0])
    looked_up = {relation.label: relation for relation, _ in arena.discovery.memberships}
    own = [row for relation in looked_up.values() for row in _rows_of_user(arena, relation, member)]
    if own:
        gone = tuple(_delete(arena.relations[row.relation], row) for row in own)
        ended = _named(member, "member of A whose membership has ended")
        yield replace(ended, world=None, before=_replica(gone), own=_user_keys(arena, member)), "A"
    keys = _user_keys(arena, member)
    for relation, _ in tables:
        rows = _rows_of_user(arena, relation, member)
        without = _named(member, f"member of A without a row in {relation.label}")
        marked = list(_endings(arena, relation, rows))
        if marked:
            deleted = tuple(_delete(relation, row) for row in rows)
            yield replace(without, world=None, before=_replica(deleted), own=keys), "A"
        for what, statement in marked:
            ended = _named(member, f"member of A whose membership is {what}")
            yield replace(ended, world=None, before=_replica((statement,)), own=keys, contrast=without.name), "A"
    joins = tuple(statement for relation, user in tables if (statement := _join(arena, relation, user)) is not None)
    if joins:
        yield replace(_named(member, "member of A and C"), before=_replica(joins), also=("C",)), "B"


def membership_tables(arena: Arena) -> list[tuple[Relation, str]]:
    """Tables that say which user belongs to which tenant, each with its column for the user."""
    boundary = arena.discovery.boundary
    if boundary is None or boundary.of_users:
        return []
    return [
        (relation, user)
        for relation, user in arena.discovery.memberships
        if any(ColumnOf(relation.label, column.name) in boundary.nodes for column in relation.columns)
    ]


def _rows_of_user(arena: Arena, relation: Relation, member: Attacker) -> list[Held]:
    text = (member.identity.claims or "") + " ".join(value for _, value in member.identity.settings)
    users = {
        column.column
        for each in arena.discovery.classes
        if each.of_users
        for column in each.columns
        if column.relation == relation.label
    }
    return [row for row in arena.held(relation.label, "A") if any((row.values[name] or "?") in text for name in users)]


def _endings(arena: Arena, relation: Relation, rows: list[Held]) -> Iterator[tuple[str, str]]:
    """Statements that end memberships in a way that their table has a column for, where it lets them."""
    for column in relation.columns if rows else ():
        for value in _ended_values(column.name, column.type):
            update = sql.SQL("update {} set {} = {} where tableoid::text || ctid::text = any ({})").format(
                relation.identifier,
                sql.Identifier(column.name),
                sql.Literal(value),
                sql.Literal([r.place for r in rows]),
            )
            statement = update.as_string(None)
            with arena.trial():
                arena.wire.after("set local session_replication_role = replica")
                possible = arena.wire.after(statement).sqlstate is None
            if possible:
                yield f"marked by {column.name} = {value}", statement
                break


def _ended_values(name: str, kind: str) -> tuple[str, ...]:
    if kind.startswith("timestamp") or kind == "date":
        return ("2001-01-01",) if _ENDED_AT.search(name) else ()
    if kind == "boolean":
        return ("false",) if _ACTIVE.search(name) else (("true",) if _ENDED.search(name) else ())
    return _ENDED_WORDS if re.search(r"stat(us|e)", name, re.IGNORECASE) else ()


def _user_keys(arena: Arena, member: Attacker) -> frozenset[str]:
    """The keys by which rows are a user's own, whatever tenant they are in."""
    text = (member.identity.claims or "") + " ".join(value for _, value in member.identity.settings)
    users = [each.name for each in arena.discovery.classes if each.of_users]
    return frozenset(key for name in users for key in arena.worlds[0].keys.get(name, ()) if key in text)


def _delete(relation: Relation, row: Held) -> str:
    query = sql.SQL("delete from {} where tableoid::text || ctid::text = {}")
    return query.format(relation.identifier, sql.Literal(row.place)).as_string(None)


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
    statement = sql.SQL("insert into {} ({}) values ({}) on conflict do nothing").format(
        relation.identifier,
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.Literal(values[name]) for name in names),
    ).as_string(None)
    with arena.trial():
        arena.wire.after("set local session_replication_role = replica")
        return statement if arena.wire.after(statement).sqlstate is None else None


def _replica(statements: tuple[str, ...]) -> tuple[str, ...]:
    """Have triggers and foreign keys take no notice."""
    return (
        "set local session_replication_role = replica",
        *statements,
        "set local session_replication_role = origin",
    )


def _named(attacker: Attacker, name: str) -> Attacker:
    return replace(attacker, identity=replace(attacker.identity, name=name))


def back_doors(arena: Arena) -> Iterator[tuple[Attacker, str]]:
    """Yield members of A who bring along what a caller can choose: their own metadata, settings, headers."""
    member = Players(arena).member(arena.worlds[0])
    for each in arena.discovery.classes:
        values = arena.worlds[1].keys.get(each.name)
        if not each.tied or not values:
            continue
        for claim in each.claims:
            if claim.path[0] in _EDITABLE:
                yield _with_claim(member, claim, values[0], "B's"), "B"
                stranger = Players(arena).claimless()
                yield _with_claim(stranger, claim, values[0], "B's"), "B"
        for setting in each.settings if each.claims or setting_is_spare(arena, each) else ():
            yield _with_setting(member, setting, values[0], "B's"), "B"
    for node, literals in arena.discovery.facts.values.items():
        for value in [literal for literal in literals if literal and literal != "\0"][:3]:
            if isinstance(node, Claim) and node.path and node.path[0] in _EDITABLE:
                yield _with_claim(member, node, True if value == "true" else value, value), "B"
            if isinstance(node, Setting) and "." in node.name and not _is_key(arena, node):
                yield _with_setting(member, node, value, value), "B"


def setting_is_spare(arena: Arena, each: KeyClass) -> bool:
    """Tell whether requests say who they are by tokens, so that a setting is not the way in."""
    return arena.cast.anonymous is not None and any(other.claims for other in arena.discovery.classes if other.tied)


def _is_key(arena: Arena, node: Setting) -> bool:
    return any(node in each.nodes for each in arena.discovery.classes if each.tied)


def _with_claim(member: Attacker, claim: Claim, value: object, shown: str) -> Attacker:
    claims = json.loads(member.identity.claims or "{}")
    put(claims, claim.path, value)
    name = f"{member.name} with {shown} {'.'.join(claim.path)}"
    identity = replace(member.identity, name=name, claims=json.dumps(claims))
    return replace(member, identity=identity)


def _with_setting(member: Attacker, setting: Setting, value: str, shown: str) -> Attacker:
    settings = dict(member.identity.settings)
    put_setting(settings, setting, value)
    what = ".".join((setting.name, *setting.path))
    identity = replace(
        member.identity, name=f"member of A with {what} = {shown}", settings=tuple(sorted(settings.items()))
    )
    return replace(member, identity=identity)
