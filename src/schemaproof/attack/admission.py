"""A user writes a row that lets him in: a membership, a share, a higher role; then the tables are looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.marks import Canaries
from schemaproof.attack.pools import favours
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import insertion, matching, reading, setting, text
from schemaproof.attack.users import first_key
from schemaproof.attack.wire import Answer
from schemaproof.attack.worlds import Held
from schemaproof.surface import Relation

__all__ = ["Admission", "admit", "promote"]


@dataclass(frozen=True)
class Admission:
    """What a user wrote, and what it opened to him: values of the victim's with the column of each."""

    relation: Relation
    statement: str
    answer: Answer
    opened: tuple[tuple[str, str], ...] = ()


def admit(arena: Arena, attacker: Attacker, victim: str, known: tuple[Held, ...]) -> Iterator[Admission]:
    """Insert rows like the victim's, with the attacker as the user, into the tables that policies look users up in."""
    canaries = Canaries(arena, victim, known=known)
    with standing_as(arena, attacker):
        for relation, user in arena.discovery.memberships:
            own, theirs = arena.held(relation.label, attacker.world or ""), arena.held(relation.label, victim)
            key = own[0].values[user] if own else first_key(arena, attacker)
            wanted = sorted(theirs, key=lambda row: _is_known(row, known))[:3]
            for row in wanted if key and relation.lets(attacker.identity.role, "insert") else ():
                for statement in _joins(relation, attacker.identity.role, row, user, key):
                    answer = arena.wire.run(statement)
                    opened = _seen(arena, attacker, canaries, statement) if answer.count else {}
                    yield Admission(relation, statement, answer, tuple(opened.items()))


def _is_known(row: Held, known: tuple[Held, ...]) -> bool:
    """Tell whether a row names one that the attacker sees anyway: to be let in there opens nothing."""
    values = {value for value in row.values.values() if value and len(value) > 8}
    return any(values & set(other.values.values()) for other in known)


def _joins(relation: Relation, role: str, row: Held, user: str, key: str | None) -> Iterator[str]:
    """The whole row, then without what may be left out: an invitation that is not accepted yet has fewer columns."""
    single = relation.key if len(relation.key) == 1 else ()
    columns = [c for c in relation.allowed(role, "insert") if c.name not in single or c.name == user]
    for chosen in (columns, [c for c in columns if c.not_null or c.name == user]):
        yield insertion(relation, [c.name for c in chosen], dict(row.values) | {user: key})


def _seen(arena: Arena, attacker: Attacker, canaries: Canaries, given: str) -> dict[str, str]:
    """What the attacker reads of the victim's in all tables, after what he wrote."""
    found: dict[str, str] = {}
    for relation in arena.readable(attacker.identity.role):
        answer = arena.wire.after(reading(relation, attacker.identity.role))
        if answer.sqlstate is not None:
            break
        shown = canaries.shown(answer.rows, given=given)
        found |= {value: place for value, place in shown.items() if place.startswith(f"{relation.label}.")}
    return found


def promote(arena: Arena, attacker: Attacker) -> Iterator[Admission]:
    """Give the attacker's own row the values by which policies favour a user everywhere."""
    with standing_as(arena, attacker):
        for node, values in favours(arena.discovery).items():
            relation = arena.relations[node.relation]
            own = arena.held(relation.label, attacker.world or "")
            row = next((row for row in own if row.values.get(node.column) not in values), None)
            if row is not None and relation.lets(attacker.identity.role, "update"):
                for value in sorted(values):
                    statement = _raise(relation, row, node.column, value)
                    yield Admission(relation, statement, arena.wire.run(statement))


def _raise(relation: Relation, row: Held, column: str, value: str) -> str:
    update = text("update {} set {}", relation.identifier, setting([column], {column: value}))
    return f"{update} where {matching(relation.key, row.values).as_string(None)}" if relation.key else update
