"""A member writes a row of his own that names what is another's: parents, unique values, what a trigger reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import aside, insertion, matching, removal, text
from schemaproof.attack.trial import ties_of
from schemaproof.attack.wire import Answer
from schemaproof.attack.worlds import Held
from schemaproof.surface import Column, ForeignKey, Relation

__all__ = ["Borrowing", "borrow"]

Values = dict[str, str | None]

_COLUMNS = 8
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
    canaries = Canaries(arena, victim)
    with standing_as(arena, attacker):
        for relation in arena.owned:
            own, theirs = arena.held(relation.label, attacker.world or ""), arena.held(relation.label, victim)
            if own and theirs and relation.lets(attacker.identity.role, "insert") and not relation.parent:
                case = _Case(relation, own[0], theirs[-1], ties_of(arena, relation))
                yield from _Borrower(
                    arena, attacker, case, canaries, Marks(arena, stirred(arena, relation), victim)
                ).run()


def stirred(arena: Arena, relation: Relation) -> list[Relation]:
    """Return the tenant tables that triggers of a table may write: those that their functions name, and so on."""
    found: list[Relation] = []
    waiting, seen = [relation], {relation.label}
    while waiting:
        body = "\n".join(_bodies(arena, waiting.pop().triggers))
        dynamic = re.search(r"\bexecute\b", body, re.IGNORECASE)
        for other in arena.owned:
            if other.label not in seen and (dynamic or re.search(rf"(?<!\w){re.escape(other.name)}(?!\w)", body)):
                seen.add(other.label)
                found.append(other)
                waiting.append(other)
    return [relation, *found] if relation.triggers else []


def _bodies(arena: Arena, names: Iterable[str]) -> Iterator[str]:
    """The bodies of trigger functions and of what they call."""
    waiting = [routine for routine in arena.routines if routine.label.partition("(")[0] in names]
    seen = set(waiting)
    while waiting:
        body = waiting.pop().body
        yield body
        called = [other for other in arena.routines if other not in seen and f"{other.name}(" in body]
        seen.update(called)
        waiting += called


class _Borrower:
    """One attacker who writes his own row of one table again and again."""

    def __init__(self, arena: Arena, attacker: Attacker, case: _Case, canaries: Canaries, marks: Marks) -> None:
        self._base: Values = dict(case.own.values)
        self._arena = arena
        self._wire = arena.wire
        self._role = attacker.identity.role
        self._case = case
        self._canaries = canaries
        self._marks = marks
        columns = case.relation.allowed(self._role, "insert")
        self._columns = [column for column in columns if (self._role, "insert") in column.may]

    def run(self) -> Iterator[Borrowing]:
        if self._insert({}, None).answer.sqlstate is not None:
            self._base = self._sparse()
            if self._insert({}, None).answer.sqlstate is not None:
                return  # not even the own row goes in
        self._wire.back()
        self._marks.take()
        for values, key in self._choices():
            found = self._insert(values, key)
            if found.answer.sqlstate is None:
                shown = self._canaries.shown(self._new_row(), given=found.statement)
                found = replace(found, changed=self._marks.changed(), shown=tuple(shown.items()))
            yield found

    def _sparse(self) -> Values:
        """The own row with NULL wherever it may be."""
        kept = (*self._case.ties, *self._case.relation.key)
        values = dict(self._case.own.values)
        return values | {c.name: None for c in self._columns if not c.not_null and c.name not in kept}

    def _choices(self) -> Iterator[tuple[Values, ForeignKey | None]]:
        for columns, key in self._columns_chosen():
            yield {name: self._case.theirs.values[name] for name in columns}, key
        # What is no key is read by triggers alone.
        for column in self._free() if self._case.relation.triggers else ():
            for value in self._namesakes(column):
                yield {column.name: value}, None

    def _namesakes(self, column: Column) -> Iterator[str]:
        """The victim's values of columns of this name in other tables; for a UUID, the key of this table."""
        for label in self._arena.rows:
            relation = self._arena.relations.get(label)
            theirs = self._arena.held(label, self._case.theirs.world)
            if relation is None or not theirs or relation.parent:
                continue
            same = {c.name: c.type for c in relation.columns}
            if relation is not self._case.relation and same.get(column.name) == column.type:
                yield from filter(None, (theirs[-1].values[column.name],))
            elif relation is self._case.relation and column.type == "uuid" and len(relation.key) == 1:
                yield from filter(None, (theirs[-1].values[relation.key[0]],))

    def _columns_chosen(self) -> Iterator[tuple[tuple[str, ...], ForeignKey | None]]:
        names = {column.name for column in self._columns}
        seen: set[tuple[str, ...]] = {()}
        for columns, key in self._keys():
            if set(columns) <= names and columns not in seen:
                seen.add(columns)
                yield columns, key
        free = self._free()
        for column in [column for column in free if column.type in _TRIED_ALONE][:_COLUMNS]:
            if (column.name,) not in seen:
                yield (column.name,), None
        yield tuple(column.name for column in free), None

    def _keys(self) -> Iterator[tuple[tuple[str, ...], ForeignKey | None]]:
        """Foreign keys, then unique ones, each without the columns that say whose the row is."""
        relation, ties = self._case.relation, self._case.ties
        for key in relation.foreign_keys:
            yield tuple(here for here, _ in key.columns if here not in ties), key
        for unique in relation.keys:
            yield tuple(name for name in unique.columns if name and name not in ties), None

    def _free(self) -> list[Column]:
        """The columns that say neither whose the row is nor which."""
        return [column for column in self._columns if column.name not in (*self._case.ties, *self._case.relation.key)]

    def _insert(self, values: Values, key: ForeignKey | None) -> Borrowing:
        case = self._case
        statement = insertion(case.relation, [column.name for column in self._columns], self._base | values)
        self._wire.back()
        self._wire.after(aside(self._role, removal(case.relation, case.own.place)))
        self._wire.sent += 1
        return Borrowing(case.relation, tuple(values), statement, self._wire.after(statement), key)

    def _new_row(self) -> tuple[tuple[str | None, ...], ...]:
        """The row as it came to be, read as a superuser; the own row has been taken away before."""
        case = self._case
        keys = case.relation.key or [column.name for column in self._columns]
        known = [name for name in keys if case.own.values[name] is not None]
        where = matching(known, case.own.values, as_text=True)
        return self._wire.after(
            text("set local role none; select * from {} where {}", case.relation.identifier, where)
        ).rows
