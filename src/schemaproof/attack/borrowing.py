"""A member writes a row of his own that names what is another's: parents, unique values, what a trigger reads."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import aside, insertion, matching, removal, text
from schemaproof.attack.trial import ties_of
from schemaproof.attack.wire import Answer
from schemaproof.attack.worlds import Held
from schemaproof.surface import Column, ForeignKey, Key, Relation

__all__ = ["Borrowing", "borrow"]

Values = dict[str, str | None]

# What a unique and an exclusion constraint answer.
_MET = ("23505", "23P01")
_COLUMNS = 8
_ROWS = 4
_TRIED_ALONE = ("uuid", "text", "character varying", "integer", "bigint", "citext")


@dataclass(frozen=True)
class Borrowing:
    """One write of an own row with values of the victim's.

    Args:
        columns: those whose values are the victim's.
        foreign_key: that they make up, if they make up one.
        changed: tables in which rows of the victim's were changed by it.
        shown: the victim's values that the new row holds and that were not given, with the column of each.
        met: the unique key that stopped it may have met a row of another tenant's; else it was one of the own rows.
    """

    relation: Relation
    columns: tuple[str, ...]
    statement: str
    answer: Answer
    foreign_key: ForeignKey | None = None
    changed: tuple[str, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()
    met: bool = False


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
        tried: list[Values] = [{}]
        for values, key in self._keyed():
            if values not in tried:
                tried.append(values)
                yield values, key
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

    def _keyed(self) -> Iterator[tuple[Values, ForeignKey | None]]:
        """Values of foreign keys, of unique ones, of single columns, then of all that say neither whose nor which."""
        theirs, free = self._case.theirs.values, self._free()
        names = {column.name for column in self._columns}
        for key in self._case.relation.foreign_keys:
            here = [name for name, _ in key.columns if name not in self._case.ties]
            if names.issuperset(here):
                yield from ((values, key) for values in self._theirs(here, here)[:1])
        for unique in self._case.relation.keys:
            yield from ((values, None) for values in self._unique(unique, names.difference(self._case.ties)))
        for column in [column for column in free if column.type in _TRIED_ALONE][:_COLUMNS]:
            yield {column.name: theirs[column.name]}, None
        yield {column.name: theirs[column.name] for column in free}, None

    def _unique(self, key: Key, names: set[str]) -> list[Values]:
        """What makes up a unique key, as far as it can be given.

        A partial one holds for some of the victim's rows alone, with what its condition asks of them.
        """
        made_of = [name for name in key.made_of if name in names]
        asked = [name for name in key.condition if name in names]
        return self._theirs([*made_of, *asked], made_of)[: _ROWS if asked else 1]

    def _theirs(self, columns: Sequence[str], present: Sequence[str]) -> list[Values]:
        """The victim's values of columns, row by row, none of those that must be `present` NULL; the last row first."""
        rows = reversed(self._arena.held(self._case.relation.label, self._case.theirs.world))
        return [dict(zip(columns, row.at(columns), strict=True)) for row in rows if None not in row.at(present)]

    def _free(self) -> list[Column]:
        """The columns that say neither whose the row is nor which."""
        return [column for column in self._columns if column.name not in (*self._case.ties, *self._case.relation.key)]

    def _insert(self, values: Values, key: ForeignKey | None) -> Borrowing:
        case = self._case
        statement = insertion(case.relation, [column.name for column in self._columns], self._base | values)
        self._wire.back()
        self._wire.after(aside(self._role, removal(case.relation, case.own.place)))
        self._wire.sent += 1
        answer = self._wire.after(statement)
        met = answer.sqlstate in _MET and self._met(self._base | values, answer.constraint)
        return Borrowing(case.relation, tuple(values), statement, answer, key, met=met)

    def _met(self, written: Values, constraint: str) -> bool:
        """Tell whether a row of another tenant's holds what a unique key stopped, or none that is known."""
        case = self._case
        key = next((key for key in case.relation.keys if key.name == constraint), None)
        names = {column.name for column in self._columns}.intersection(key.made_of if key else ())
        rows = [row for row in self._arena.rows[case.relation.label] if row.place != case.own.place]
        alike = [row for row in rows if all(row.values[name] == written[name] for name in names)]
        return not names or not alike or any(row.world != case.own.world for row in alike)

    def _new_row(self) -> tuple[tuple[str | None, ...], ...]:
        """The row as it came to be, read as a superuser; the own row has been taken away before."""
        case = self._case
        keys = case.relation.key or [column.name for column in self._columns]
        known = [name for name in keys if case.own.values[name] is not None]
        where = matching(known, case.own.values, as_text=True)
        return self._wire.after(
            text("set local role none; select * from {} where {}", case.relation.identifier, where)
        ).rows
