"""Callers with something wrong in what says who they are: odd tokens and settings."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker, Players
from schemaproof.attack.statements import update_at
from schemaproof.attack.touches import put
from schemaproof.identity import Identity
from schemaproof.tenancy import Claim, ColumnOf, KeyClass, Setting

__all__ = ["ROLE_CLAIM", "odd_tokens"]

# The API takes the role of the session and the claim from one token: who has the one has the other.
ROLE_CLAIM = "member of A with the role service_role in the token"
_TOKENS = (
    ("that is empty", ""),
    ("{}", "{}"),
    ("null", "null"),
    ("malformed JSON", "{"),
    ("[]", "[]"),
    ("1", "1"),
)
_VALUES: tuple[tuple[str, object], ...] = (
    ("''", ""),
    ("null", None),
    ("no key", "not-a-key"),
    ("a wildcard", "%"),
    ("a list", ["not-a-key"]),
    ("an object", {"id": "not-a-key"}),
    ("a number", 1),
    ("true", True),
)
_SETTINGS = (("''", ""), ("no key", "not-a-key"), ("a wildcard", "%"), ("null", "null"), ("0", "0"))


def odd_tokens(arena: Arena) -> Iterator[tuple[Attacker, str]]:
    """Yield callers whose claims or settings are missing, empty, malformed or of somebody else's shape."""
    asked = _asked(arena)
    if asked is None:
        return
    mine, theirs = (world.keys[asked.name][0] for world in arena.worlds[:2])
    if asked.claims:
        yield from _odd_claims(arena, asked.claims[0], mine, theirs)
    elif asked.settings:
        yield from _odd_settings(arena, asked.settings[0], mine, theirs)


def _asked(arena: Arena) -> KeyClass | None:
    """The class that a request brings along: the tenant's, or else the user's."""
    boundary = arena.discovery.boundary
    classes = [each for each in arena.discovery.classes if each.tied and each.asked]
    fit = [each for each in classes if all(each.name in world.keys for world in arena.worlds[:2])]
    if boundary in fit:
        return boundary
    return next(iter(sorted(fit, key=lambda each: not each.of_users)), None)


def _odd_claims(arena: Arena, claim: Claim, mine: str, theirs: str) -> Iterator[tuple[Attacker, str]]:
    role, what = arena.cast.member, ".".join(claim.path)
    own = json.loads(Players(arena).member(arena.worlds[0]).identity.claims or "{}")

    def stranger(name: str, token: str | None) -> tuple[Attacker, str]:
        return Attacker(Identity(name, role, token)), "B"

    def with_claim(path: tuple[str, ...], value: object) -> str:
        return _token({"role": role}, path, value)

    def member(name: str, token: str) -> tuple[Attacker, str]:
        return Attacker(Identity(name, role, token), "A"), "B"

    yield stranger("no token", None)
    yield from (stranger(f"token {name}", token) for name, token in _TOKENS)
    yield from (stranger(f"{what} is {name}", with_claim(claim.path, value)) for name, value in _VALUES)
    yield stranger(f"{what} under another name", with_claim(_misnamed(claim.path), theirs))
    yield from (member(f"{what} {name}", _token(own, claim.path, value)) for name, value in _spellings(mine))
    yield member(ROLE_CLAIM, json.dumps(own | {"role": "service_role"}))
    for name, value in _look_alikes(arena, theirs):
        yield stranger(f"{what} of another tenant, {name}", with_claim(claim.path, value))
    for place in _misplaced(arena, claim):
        token = json.dumps(own | {place: {claim.path[-1]: theirs}})
        yield member(f"member of A with {what} of B in {place}", token)


def _token(claims: Mapping[str, Any], path: tuple[str, ...], value: object) -> str:
    """A token with one claim more."""
    document = json.loads(json.dumps(claims))
    put(document, path, value)
    return json.dumps(document)


def _misnamed(path: tuple[str, ...]) -> tuple[str, ...]:
    return (*path[:-1], path[-1].title().replace("_", "") + "s")


def _misplaced(arena: Arena, claim: Claim) -> list[str]:
    """The objects of a token that the claim is not looked for in."""
    return [
        place
        for place in ("user_metadata", "app_metadata")
        if claim.path[0] != place and Claim((place, claim.path[-1])) not in arena.discovery.facts.read
    ]


def _spellings(key: str) -> tuple[tuple[str, str], ...]:
    return (("in upper case", key.upper()), ("with spaces", f" {key} "))


def _odd_settings(arena: Arena, setting: Setting, mine: str, theirs: str) -> Iterator[tuple[Attacker, str]]:
    def caller(name: str, value: str, *, world: str | None = None) -> tuple[Attacker, str]:
        label = f"{setting.name} {name}"
        return Attacker(Identity(label, arena.cast.member, None, ((setting.name, value),)), world), "B"

    yield from (caller(f"is {name}", value) for name, value in _SETTINGS)
    yield from (caller(name, value, world="A") for name, value in _spellings(mine))
    yield from (caller(f"of another tenant, {name}", value) for name, value in _look_alikes(arena, theirs))


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
    places = [row.place for row in arena.held(relation.label, "C")[:1]]
    return arena.accepts(update_at(relation, [column.column], {column.column: value}, places))
