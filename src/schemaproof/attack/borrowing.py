"""A member writes a row of his own that names what is another tenant's: parents, unique values, whatever a trigger reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.reach import standing_as
from schemaproof.attack.trial import ties_of
from schemaproof.attack.wire import Answer
from schemaproof.attack.worlds import Held
from schemaproof.surface import Column, ForeignKey, Relation

__all__ = ["Borrowing", "borrow"]

_COLUMNS = 8
Values = dict[str, str | None]
_TRIED_ALONE = ("uuid", "text", "character varying", "integer", "bigint", "citext")


@dataclass(frozen=True)
class Borrowing:
    """One write of an own row with values of the victim's.

    Args:
        columns: those whose values are the victim's.
        foreign_key: that they make up, if they make up one.
        changed: tables in which rows of the victim's were changed by it.
        shown: the victim's values that the new row holds and that were not given, with the column of each.
    """

    relation: Relation
    columns: tuple[str, ...]
    statement: str
    answer: Answer
    foreign_key: ForeignKey | None = None
    changed: tuple[str, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Case:
    relation: Relation
    own: Held
    theirs: Held
    ties: tuple[str, ...]


def borrow(arena: Arena, attacker: Attacker, victim: str) -> Iterator[Borrowing]:
    """Write own rows into every table that the attacker may insert into; each starts from rows as they are."""
    owned = [relation for relation in arena.discovery.tables if relation.label in arena.discovery.owned]
    canaries = Canaries(arena, victim)
    with standing_as(arena, attacker):
        for relation in owned:
            own, theirs = arena.held(relation.label, attacker.world or ""), arena.held(relation.label, victim)
            if own and theirs and (attacker.identity.role, "insert") in relation.privileges and not relation.parent:
                case = _Case(relation, own[0], theirs[-1], ties_of(arena, relation))
                yield from _Borrower(arena, attacker, case, canaries, Marks(arena, owned, victim), victim).run()


class _Borrower:
    def __init__(
        self, arena: Arena, attacker: Attacker, case: _Case, canaries: Canaries, marks: Marks, victim: str
    ) -> None:
        self._base: Values = dict(case.own.values)
        self._arena = arena
        self._victim = victim
        self._wire = arena.wire
        self._role = attacker.identity.role
        self._case = case
        self._canaries = canaries
        self._marks = marks
        columns = case.relation.allowed(self._role, "insert")
        self._columns = [column for column in columns if (self._role, "insert") in column.may]

    def run(self) -> Iterator[Borrowing]:
        if self._insert({}).answer.sqlstate is not None:
            self._base = self._sparse()
            if self._insert({}).answer.sqlstate is not None:
                return  # not even the own row goes in
        self._wire.back()
        before = self._marks.before
        for values, key in self._choices():
            found = self._insert(values, key)
            if found.answer.sqlstate is None and before is not None:
                rows = self._new_row()
                found = Borrowing(
                    found.relation,
                    found.columns,
                    found.statement,
                    found.answer,
                    key,
                    self._marks.changed(),
                    tuple(self._canaries.shown(rows, found.statement).items()),
                )
            yield found

    def _sparse(self) -> Values:
        """The own row with NULL wherever it may be."""
        kept = (*self._case.ties, *self._case.relation.key)
        values = dict(self._case.own.values)
        return values | {c.name: None for c in self._columns if not c.not_null and c.name not in kept}

    def _choices(self) -> Iterator[tuple[Values, ForeignKey | None]]:
        for columns, key in self._columns_chosen():
            yield {name: self._case.theirs.values[name] for name in columns}, key
        for column in self._columns:
            if column.name not in (*self._case.ties, *self._case.relation.key):
                yield from (({column.name: value}, None) for value in self._namesakes(column))

    def _namesakes(self, column: Column) -> Iterator[str]:
        """The victim's values of columns of this name in other tables; for a key of unknown meaning, its own tables' keys."""
        for label, rows in self._arena.rows.items():
            relation = self._arena.relations.get(label)
            theirs = [row for row in rows if row.world == self._victim]
            if relation is None or not theirs or relation.parent:
                continue
            same = {c.name: c.type for c in relation.columns}
            if relation is not self._case.relation and same.get(column.name) == column.type:
                yield from filter(None, (theirs[-1].values[column.name],))
            elif relation is self._case.relation and column.type == "uuid" and len(relation.key) == 1:
                yield from filter(None, (theirs[-1].values[relation.key[0]],))

    def _columns_chosen(self) -> Iterator[tuple[tuple[str, ...], ForeignKey | None]]:
        relation, ties = self._case.relation, self._case.ties
        names = {column.name for column in self._columns}
        seen: set[tuple[str, ...]] = {()}
        for key in relation.foreign_keys:
            columns = tuple(here for here, _ in key.columns if here not in ties)
            if columns and set(columns) <= names and columns not in seen:
                seen.add(columns)
                yield columns, key
        for unique in relation.keys:
            columns = tuple(name for name in unique.columns if name and name not in ties)
            if columns and set(columns) <= names and columns not in seen:
                seen.add(columns)
                yield columns, None
        free = [column for column in self._columns if column.name not in (*ties, *relation.key)]
        for column in [column for column in free if column.type in _TRIED_ALONE][:_COLUMNS]:
            if (column.name,) not in seen:
                yield (column.name,), None
        yield tuple(column.name for column in free), None

    def _insert(self, values: Values, key: ForeignKey | None = None) -> Borrowing:
        case = self._case
        row = {c.name: values.get(c.name, self._base[c.name]) for c in self._columns}
        statement = _insert(case.relation, self._columns, row)
        self._wire.back()
        self._wire.after(_take_away(case.relation, case.own, self._role))
        self._wire.sent += 1
        return Borrowing(case.relation, tuple(values), statement, self._wire.after(statement), key)

    def _new_row(self) -> tuple[tuple[str | None, ...], ...]:
        """The row as it came to be, read as a superuser; the own row has been taken away before."""
        case = self._case
        keys = case.relation.key or [column.name for column in self._columns]
        where = sql.SQL(" and ").join(
            sql.SQL("{}::text = {}").format(sql.Identifier(name), sql.Literal(case.own.values[name]))
            for name in keys
            if case.own.values[name] is not None
        )
        query = sql.SQL("set local role none; select * from {} where {}").format(case.relation.identifier, where)
        return self._wire.after(query.as_string(None)).rows


def _insert(relation: Relation, columns: Sequence[Column], row: dict[str, str | None]) -> str:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    values = sql.SQL(", ").join(sql.Literal(row[column.name]) for column in columns)
    return sql.SQL("insert into {} ({}) values ({})").format(relation.identifier, names, values).as_string(None)


def _take_away(relation: Relation, row: Held, role: str) -> str:
    delete = sql.SQL("delete from {} where tableoid::text || ctid::text = {}")
    return (
        "set local role none; set local session_replication_role = replica; "
        f"{delete.format(relation.identifier, sql.Literal(row.place)).as_string(None)};"
        f" set local session_replication_role = origin; set local role {sql.Identifier(role).as_string(None)}"
    )
