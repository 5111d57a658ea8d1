"""What a superuser sees of the victim's rows, to tell whether an attack through a view or function changed them."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.statements import at, piece
from schemaproof.attack.trial import ties_of
from schemaproof.attack.worlds import Held
from schemaproof.surface import Relation

__all__ = ["Canaries", "Marks"]

Counts = tuple[str | None, ...]

_LENGTH = 6


class Marks:
    """Counts of the victim's rows in some tables: those that are as they were, and all that carry its keys.

    `take` counts when nothing has happened yet; `changed` is asked after each statement, as any role.
    """

    def __init__(self, arena: Arena, relations: Sequence[Relation], victim: str) -> None:
        self._arena = arena
        self._relations = [relation for relation in relations if arena.held(relation.label, victim)]
        self._victim = victim
        self._before: Counts = ()

    def take(self) -> None:
        """Count from here on."""
        self._before = self.now()

    def now(self) -> Counts:
        """Return the counts at this moment: two for each table."""
        if not self._relations:
            return ()
        answer = self._arena.wire.after(self._query)
        return answer.rows[0] if answer.rows else ()

    def changed(self, *, since: Counts = ()) -> tuple[str, ...]:
        """Return the tables in which the last statement changed, took away or made rows of the victim's."""
        before, after = since or self._before, self.now()
        return tuple(
            relation.label
            for number, relation in enumerate(self._relations)
            if before[2 * number : 2 * number + 2] != after[2 * number : 2 * number + 2]
        )

    @cached_property
    def _query(self) -> str:
        columns = [part for relation in self._relations for part in self._parts(relation)]
        return "set local role none; select " + sql.SQL(", ").join(columns).as_string(None) if columns else "select"

    def _parts(self, relation: Relation) -> Iterable[sql.Composable]:
        rows = self._arena.held(relation.label, self._victim)
        keys = {tie: {row.values[tie] for row in rows} - {None} for tie in ties_of(self._arena, relation)}
        tied = [
            piece("{}::text = any ({})", sql.Identifier(tie), sql.Literal(sorted(filter(None, values))))
            for tie, values in keys.items()
            if values
        ]
        for condition in (at([row.place for row in rows]), sql.SQL(" and ").join(tied) if tied else sql.SQL("false")):
            yield piece("(select count(*) from {} where {})", relation.identifier, condition)


class Canaries:
    """Values that occur in one tenant's rows only: whoever shows one has shown that tenant's data."""

    def __init__(self, arena: Arena, victim: str, *, known: Iterable[Held] = ()) -> None:
        """Collect the values of `victim`; those in the rows `known` tell nothing new."""
        others = {
            value
            for rows in arena.rows.values()
            for row in rows
            if row.world != victim
            for value in row.values.values()
            if value is not None
        }
        others |= {value for row in known for value in row.values.values() if value is not None}
        self._values = {
            value: f"{row.relation}.{column}"
            for rows in arena.rows.values()
            for row in rows
            if row.world == victim
            for column, value in row.values.items()
            if value is not None and len(value) >= _LENGTH and value not in others and not _common(value)
        }

    def of(self, place: str) -> list[str]:
        """Return the values of a column (`public.notes.title`)."""
        return [value for value, found in self._values.items() if found == place]

    def shown(self, rows: Iterable[Sequence[str | None]], *, given: str = "") -> dict[str, str]:
        """Return the values that an answer shows, with the column of each, but for those that were `given`."""
        text = "\n".join(cell for row in rows for cell in row if cell)
        return {value: place for value, place in self._values.items() if value in text and value not in given}


def _common(value: str) -> bool:
    """Numbers, days and instants occur by chance."""
    return value.replace(".", "").replace("-", "").replace(":", "").replace(" ", "").replace("+", "").isdigit()
