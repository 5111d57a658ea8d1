"""What a caller can choose: members who bring their own metadata, settings and headers along."""

import json
from collections.abc import Iterator
from dataclasses import replace

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker, Players, put_setting
from schemaproof.attack.statements import text, unnoticed
from schemaproof.attack.touches import put
from schemaproof.tenancy import ANY, USERS, Claim, Inside, KeyClass, Setting

__all__ = ["back_doors"]

_EDITABLE = ("user_metadata", "raw_user_meta_data")


def back_doors(arena: Arena) -> Iterator[tuple[Attacker, str]]:
    """Yield members of A who bring along what a caller can choose: their own metadata, settings, headers."""
    member = Players(arena).member(arena.worlds[0])
    for each in arena.discovery.classes:
        if each.tied and (keys := arena.worlds[1].keys.get(each.name)):
            yield from ((attacker, "B") for attacker in _with_key(arena, member, each, keys[0]))
    for node, values in arena.discovery.facts.values.items():
        for value in [value for value in values if value and value != ANY][:3]:
            if isinstance(node, Claim) and node.path and node.path[0] in _EDITABLE:
                yield _with_claim(member, node, True if value == "true" else value, value), "B"
            if isinstance(node, Setting) and "." in node.name and not _is_key(arena, node):
                yield _with_setting(member, node, value, value), "B"


def _with_key(arena: Arena, member: Attacker, each: KeyClass, key: str) -> Iterator[Attacker]:
    """Bring B's key along wherever a caller may put it; a setting only where it is not the way in."""
    for claim in each.claims:
        if claim.path[0] in _EDITABLE:
            yield _with_claim(member, claim, key, "B's")
            yield _with_claim(Players(arena).claimless(), claim, key, "B's")
    for inside in each.insides:
        if inside.relation == USERS and inside.column in _EDITABLE:
            yield _with_metadata(member, inside, key)
    for setting in each.settings if each.claims or _has_tokens(arena) else ():
        yield _with_setting(member, setting, key, "B's")


def _has_tokens(arena: Arena) -> bool:
    """Tell whether requests say who they are by tokens."""
    return arena.cast.anonymous is not None and any(each.claims for each in arena.discovery.classes if each.tied)


def _is_key(arena: Arena, node: Setting) -> bool:
    return any(node in each.nodes for each in arena.discovery.classes if each.tied)


def _with_claim(member: Attacker, claim: Claim, value: object, shown: str) -> Attacker:
    claims = json.loads(member.identity.claims or "{}")
    put(claims, claim.path, value)
    name = f"{member.name} with {shown} {'.'.join(claim.path)}"
    identity = replace(member.identity, name=name, claims=json.dumps(claims))
    return replace(member, identity=identity)


def _with_metadata(member: Attacker, inside: Inside, key: str) -> Attacker:
    """The member with B's key in the own metadata that the platform keeps."""
    document: dict[str, object] = {}
    put(document, inside.path, key)
    kept, user = sql.Identifier(inside.column), json.loads(member.identity.claims or "{}").get("sub")
    change = text(
        "update auth.users set {} = coalesce({}, '{{}}') || {}::jsonb where id::text = {}",
        kept,
        kept,
        sql.Literal(json.dumps(document)),
        sql.Literal(user),
    )
    name = f"{member.name} with B's {'.'.join((inside.relation, inside.column, *inside.path))}"
    return replace(member, identity=replace(member.identity, name=name), before=unnoticed(change))


def _with_setting(member: Attacker, setting: Setting, value: str, shown: str) -> Attacker:
    settings = dict(member.identity.settings)
    put_setting(settings, setting, value)
    what = ".".join((setting.name, *setting.path))
    identity = replace(
        member.identity, name=f"member of A with {what} = {shown}", settings=tuple(sorted(settings.items()))
    )
    return replace(member, identity=identity)
