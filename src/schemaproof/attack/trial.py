"""Runs attackers against tables: one identity at a time, every statement undone, judged by what it reached."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.forms import Form, Prey
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import aside, at, matching, piece, removal, text
from schemaproof.attack.wire import ENDED, TIMEOUT, Answer
from schemaproof.attack.worlds import NOBODY, Held
from schemaproof.surface import Relation
from schemaproof.tenancy import ColumnOf

__all__ = ["Outcome", "assault", "prey_of", "ties_of"]

# After so many statements of a command that did not end, a table is left alone.
_PATIENCE = 2
# Not let in: no privilege, a policy's WITH CHECK; COPY FROM under row-level security.
_DENIED = ("42501", "0A000")
# Foreign, unique and exclusion keys are looked at after the policies have let a row pass.
_STOPPED_LATER = ("23503", "23505", "23P01")
_COUNT = "(select count(*) from {} where {})"


@dataclass(frozen=True)
class Outcome:
    """What one statement of an attacker came to.

    Args:
        reached: how many rows of others it saw, made, changed or took away.
        leaked: those that it saw.
        prepared: the table held only the victim's rows when it ran.
    """

    attacker: Attacker
    relation: Relation
    form: Form
    answer: Answer
    reached: int = 0
    leaked: tuple[Held, ...] = ()
    prepared: bool = False

    @property
    def denied(self) -> bool:
        """Tell whether it was refused for want of a privilege or by a policy, or found no row."""
        return not self.reached and (self.answer.sqlstate is None or self.answer.sqlstate in _DENIED)

    def __str__(self) -> str:
        return self.answer.sqlstate or f"{self.reached} row{'' if self.reached == 1 else 's'}"


def prey_of(arena: Arena, relation: Relation, world: str, attacker: Attacker, *, own: bool = False) -> Prey | None:
    """Return what is attacked in a table: a row of `world`, and one of the attacker's own."""
    rows = [row for row in arena.held(relation.label, world) if not attacker.owns(row.values.values())]
    against = None if own else attacker.world
    if not rows:
        return None
    ties = ties_of(arena, relation)
    # The last rows are those of further users: an identity's own membership is left alone.
    mine = arena.held(relation.label, against) if against else ()
    row = rows[-1]
    return Prey(
        relation,
        row,
        mine[0] if mine else None,
        tuple(tie for tie in ties if row.values[tie] is not None or world == NOBODY),
    )


def ties_of(arena: Arena, relation: Relation) -> tuple[str, ...]:
    """Return the columns that say whose a row is: of the tenant, else of another key, else of a parent's."""
    boundary = arena.discovery.boundary
    classes = {
        column.name: each
        for column in relation.columns
        if (each := arena.discovery.class_of(ColumnOf(relation.label, column.name)))
    }
    names = [name for name, each in classes.items() if each is boundary]
    if not names or (names == list(relation.key) and len(classes) > 1):
        # Of a row that is itself what others hang on, its other keys say whose it is.
        names = [name for name in classes if name not in names] or names
    parents = [
        here
        for key in relation.foreign_keys
        if key.to in arena.discovery.owned and key.to != relation.label
        for here, _ in key.columns
    ]
    inside = [
        place.column
        for each in arena.discovery.classes
        if each.tied
        for place in each.insides
        if place.relation == relation.label
    ]
    return tuple(dict.fromkeys(names or parents or inside))


def assault(
    arena: Arena,
    attacker: Attacker,
    relations: Sequence[Relation],
    forms: Callable[[Prey, str], Iterator[Form]],
    *,
    victim: str,
    own: bool = False,
) -> Iterator[Outcome]:
    """Run the forms of an attacker against the rows of `victim` in each relation that has any.

    Args:
        own: the attacker is the rows' owner: what he reaches is a control.
    """
    with standing_as(arena, attacker):
        for relation in relations:
            prey = prey_of(arena, relation, victim, attacker, own=own)
            if prey is not None:
                yield from _Bout(arena, attacker, prey, victim, own).run(forms)


class _Bout:
    """One attacker and one table."""

    def __init__(self, arena: Arena, attacker: Attacker, prey: Prey, victim: str, own: bool) -> None:
        self._arena = arena
        self._wire = arena.wire
        self._attacker = attacker
        self._prey = prey
        self._own = own
        self._victim = victim
        rows = [r for r in arena.held(prey.relation.label, victim) if not attacker.owns(r.values.values())]
        self._places = [row.place for row in rows]
        self._tied = sum(_same(row, prey) for row in arena.rows[prey.relation.label])
        self._role = attacker.identity.role

    def run(self, forms: Callable[[Prey, str], Iterator[Form]]) -> Iterator[Outcome]:
        late = self._arena.late
        for form in forms(self._prey, self._role):
            what = (self._prey.relation.label, form.command)
            if late[what] >= _PATIENCE:
                continue  # its policies do not end: nobody is asked again
            outcome = self._attempt(form)
            late[what] += {TIMEOUT: 1, ENDED: _PATIENCE}.get(outcome.answer.sqlstate or "", 0)
            if not (form.targeted or form.answers or form.gives) and self._disturbed(outcome):
                outcome = self._attempt(form, alone=True)
            yield outcome

    def _disturbed(self, outcome: Outcome) -> bool:
        return not outcome.reached and outcome.answer.sqlstate not in (None, *_DENIED)

    def _attempt(self, form: Form, *, alone: bool = False) -> Outcome:
        prepared = (alone or form.without) and self._take_away(alone=alone)
        if prepared:
            answer = self._wire.after(form.statement, data=form.data)
            self._wire.sent += 1
        else:
            answer = self._wire.run(form.statement, data=form.data)
        if form.answers:
            return self._seen(form, answer)
        return Outcome(
            self._attacker,
            self._prey.relation,
            form,
            answer,
            self._reached(form, answer, alone=alone and prepared, removed=int(form.without and prepared)),
            prepared=alone and prepared,
        )

    def _seen(self, form: Form, answer: Answer) -> Outcome:
        relation = self._prey.relation
        if not form.whole:
            return Outcome(self._attacker, relation, form, answer, answer.count)
        names = [column.name for column in relation.allowed(self._role, "select")]
        rows = self._arena.rows[relation.label]
        allowed = (
            () if self._own else (row for row in rows if row.world in self._attacker.worlds and not self._counts(row))
        )
        left = Counter(answer.rows) - Counter(row.at(names) for row in allowed)
        leaked = []
        for row in rows:
            if self._counts(row) and left[row.at(names)] > 0:
                left[row.at(names)] -= 1
                leaked.append(row)
        return Outcome(self._attacker, relation, form, answer, len(leaked), tuple(leaked))

    def _counts(self, row: Held) -> bool:
        if self._own:
            return row.world == self._attacker.world
        if NOBODY in (row.world, self._victim):
            return row.world == self._victim
        return row.world not in self._attacker.worlds and not self._attacker.owns(row.values.values())

    def _take_away(self, *, alone: bool) -> bool:
        """Take the victim's row away, or all rows but the victim's; a trigger that fires ALWAYS may refuse it."""
        relation = self._prey.relation
        others = text("delete from {} where not ({})", relation.identifier, at(self._places))
        taken = self._wire.back(aside(self._role, others if alone else removal(relation, self._prey.row.place)))
        return taken.sqlstate is None

    def _reached(self, form: Form, answer: Answer, *, alone: bool, removed: int) -> int:
        if answer.sqlstate is not None:
            # An INSERT of a row that was taken away meets no constraint, unless a trigger changed it.
            stopped = answer.sqlstate in _STOPPED_LATER and bool(answer.table)
            # What is given away is the attacker's own, so that any constraint speaks after the policies.
            return int(stopped and (form.targeted or form.gives or alone) and not removed)
        if form.without and self._prey.ties and set(self._prey.ties) == set(self._prey.relation.key) and not self._own:
            return 0  # a row whose key says whose it is makes a tenant of its own
        if not answer.count and form.command != "merge" and self._prey.relation.is_table:
            return 0
        places = [place for place in self._places if not removed or place != self._prey.row.place]
        tied = matching(self._prey.ties, self._prey.row.values, as_text=True) if self._prey.ties else sql.SQL("false")
        counts = [piece(_COUNT, self._prey.relation.identifier, condition) for condition in (at(places), tied)]
        counted = self._wire.after(text("set local role none; select {}, {}", *counts))
        if not counted.rows:
            return 0
        kept, now_tied = (int(value or 0) for value in counted.rows[0])
        return len(places) - kept + max(0, now_tied - (self._tied - removed))


def _same(row: Held, prey: Prey) -> bool:
    return row.at(prey.ties) == prey.row.at(prey.ties)
