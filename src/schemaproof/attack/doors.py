"""What a caller can choose: members who bring their own metadata, settings and headers along."""

import json
from collections.abc import Iterator, Sequence
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
    """Yield callers who bring along what they can choose: their own metadata, settings, headers."""
    players = Players(arena)
    member, claimless = players.member(arena.worlds[0]), players.claimless()
    anybody = [member, claimless, *filter(None, (players.anonymous(),))]
    for each in arena.discovery.classes:
        if each.tied and (keys := arena.worlds[1].keys.get(each.name)):
            yield from ((attacker, "B") for attacker in _with_key(arena, anybody, each, keys[0]))
    for node, values in arena.discovery.facts.values.items():
        for value in [value for value in values if value and value != ANY][:3]:
            if isinstance(node, Claim) and node.path and node.path[0] in _EDITABLE:
                for login in (member, claimless):
                    yield _with_claim(login, node, True if value == "true" else value, value), "B"
            if isinstance(node, Setting) and "." in node.name and not _is_key(arena, node):
                for caller in anybody:
                    yield _with_setting(caller, node, value, value), "B"


def _with_key(arena: Arena, anybody: Sequence[Attacker], each: KeyClass, key: str) -> Iterator[Attacker]:
    """Bring B's key along wherever a caller may put it; a setting only where it is not the way in.

    Args:
        anybody: a member, a login without claims, and a visitor where there are any.
    """
    for claim in each.claims:
        if claim.path[0] in _EDITABLE:
            yield from (_with_claim(login, claim, key, "B's") for login in anybody[:2])
    for inside in each.insides:
        if inside.relation == USERS and inside.column in _EDITABLE:
            yield _with_metadata(anybody[0], inside, key)
    for setting in each.settings if each.claims or _has_tokens(arena) else ():
        yield from (_with_setting(caller, setting, key, "B's") for caller in anybody)


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


def _with_setting(caller: Attacker, setting: Setting, value: str, shown: str) -> Attacker:
    settings = dict(caller.identity.settings)
    put_setting(settings, setting, value)
    what = ".".join((setting.name, *setting.path))
    name = f"{caller.name} with {what} = {shown}"
    return replace(caller, identity=replace(caller.identity, name=name, settings=tuple(sorted(settings.items()))))
