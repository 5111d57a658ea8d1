"""A user writes a row that lets him in: a membership, a share, a higher role; then the tables are looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.marks import Canaries
from schemaproof.attack.pools import favours
from schemaproof.attack.reach import standing_as
from schemaproof.attack.wire import Answer
from schemaproof.attack.worlds import Held
from schemaproof.surface import Relation

__all__ = ["Admission", "admit", "promote"]

_MADE = ("uuid", "integer", "bigint")


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
            key = own[0].values[user] if own else _own_key(arena, attacker)
            for row in theirs[:2] if key and (attacker.identity.role, "insert") in relation.privileges else ():
                for statement in _joins(relation, attacker.identity.role, row, user, key):
                    answer = arena.wire.run(statement)
                    opened = _seen(arena, attacker, canaries, statement) if answer.count else {}
                    yield Admission(relation, statement, answer, tuple(opened.items()))


def _own_key(arena: Arena, attacker: Attacker) -> str | None:
    world = next((each for each in arena.worlds if each.name == attacker.world), None)
    names = [each.name for each in arena.discovery.classes if each.of_users]
    return next((world.keys[name][0] for name in names if world and world.keys.get(name)), None)


def _joins(relation: Relation, role: str, row: Held, user: str, key: str | None) -> Iterator[str]:
    """The whole row, then without what may be left out: an invitation that is not accepted yet has fewer columns."""
    single = relation.key if len(relation.key) == 1 else ()
    columns = [c for c in relation.allowed(role, "insert") if c.name not in single or c.name == user]
    for chosen in (columns, [c for c in columns if c.not_null or c.name == user]):
        names = sql.SQL(", ").join(sql.Identifier(c.name) for c in chosen)
        values = sql.SQL(", ").join(sql.Literal(key if c.name == user else row.values[c.name]) for c in chosen)
        yield sql.SQL("insert into {} ({}) values ({})").format(relation.identifier, names, values).as_string(None)


def _seen(arena: Arena, attacker: Attacker, canaries: Canaries, given: str) -> dict[str, str]:
    """What the attacker reads of the victim's in all tables, after what he wrote."""
    found: dict[str, str] = {}
    for label in arena.discovery.owned:
        relation = arena.relations[label]
        if (attacker.identity.role, "select") in relation.privileges:
            names = sql.SQL(", ").join(
                sql.Identifier(c.name) for c in relation.allowed(attacker.identity.role, "select")
            )
            answer = arena.wire.after(sql.SQL("select {} from {}").format(names, relation.identifier).as_string(None))
            if answer.sqlstate is not None:
                break
            found |= {
                v: place for v, place in canaries.shown(answer.rows, given).items() if place.startswith(f"{label}.")
            }
    return found


def promote(arena: Arena, attacker: Attacker) -> Iterator[Admission]:
    """Give the attacker's own row the values by which policies favour a user everywhere."""
    with standing_as(arena, attacker):
        for node, values in favours(arena.discovery).items():
            relation = arena.relations[node.relation]
            rows = [
                row
                for row in arena.held(relation.label, attacker.world or "")
                if row.values.get(node.column) not in values
            ]
            if not rows or (attacker.identity.role, "update") not in relation.privileges:
                continue
            for value in sorted(values):
                key = sql.SQL(" and ").join(
                    sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(rows[0].values[name]))
                    for name in relation.key
                )
                statement = sql.SQL("update {} set {} = {}").format(
                    relation.identifier, sql.Identifier(node.column), sql.Literal(value)
                )
                text = (sql.SQL("{} where {}").format(statement, key) if relation.key else statement).as_string(None)
                yield Admission(relation, text, arena.wire.run(text))
