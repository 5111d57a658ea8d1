"""What is a single user's own: the keys in his token and settings, and the rows that hold them."""

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.worlds import Held
from schemaproof.surface import Relation

__all__ = ["first_key", "own_keys", "own_rows"]


def own_keys(arena: Arena, member: Attacker) -> frozenset[str]:
    """Return the keys by which rows are the own ones of a member of A, whatever tenant they are in."""
    brought = _brought(member)
    names = [each.name for each in arena.discovery.classes if each.of_users]
    keys = {key for name in names for key in arena.worlds[0].keys.get(name, ()) if key in brought}
    return frozenset(keys | _below(arena, keys))


def _below(arena: Arena, keys: set[str]) -> set[str]:
    """The keys of rows that name one of these keys, and of what hangs on them; memberships and tenants left out."""
    boundary = arena.discovery.boundary
    tenants = set(arena.worlds[0].keys.get(boundary.name, ())) if boundary else set()
    members = {relation.label for relation, _ in arena.discovery.memberships}
    found: set[str] = set()
    grown = True
    while grown:
        grown = False
        for relation in arena.owned:
            if relation.label in members or len(relation.key) != 1:
                continue
            for row in arena.held(relation.label, "A"):
                key = row.values[relation.key[0]]
                if key and key not in found | tenants and (keys | found) & set(row.values.values()):
                    found.add(key)
                    grown = True
    return found


def own_rows(arena: Arena, relation: Relation, member: Attacker) -> list[Held]:
    """Return the rows of A in a table that name the member as their user."""
    brought = _brought(member)
    columns = {
        column.column
        for each in arena.discovery.classes
        if each.of_users
        for column in each.columns
        if column.relation == relation.label
    }
    held = arena.held(relation.label, "A")
    return [row for row in held if any((row.values[name] or "?") in brought for name in columns)]


def first_key(arena: Arena, member: Attacker) -> str | None:
    """Return the key of the first user of the member's tenant; None where users have none."""
    world = next((each for each in arena.worlds if each.name == member.world), None)
    names = [each.name for each in arena.discovery.classes if each.of_users]
    return next((world.keys[name][0] for name in names if world and world.keys.get(name)), None)


def _brought(member: Attacker) -> str:
    return (member.identity.claims or "") + " ".join(value for _, value in member.identity.settings)
