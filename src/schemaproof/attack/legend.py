"""Says in one comment which values of a script were made up for the attack: a reader's database does not hold them."""

import re
from collections.abc import Iterator

from schemaproof.attack.arena import Arena
from schemaproof.attack.cast import SYNTHETIC
from schemaproof.attack.worlds import STRANGER
from schemaproof.surface import Relation
from schemaproof.tenancy import ColumnOf

__all__ = ["Legend"]

# Texts in quotes, whichever; those of JSON inside of a literal too.
_QUOTED = re.compile(r"""(?<=['"])[^'",\[\]{}\s]+(?=['"])""")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_MOST = 6
_ALWAYS = ((STRANGER, "", "a user of no tenant"), (SYNTHETIC, "", "the role of the application"))


class Legend:
    """What the keys of made-up rows and roles mean; those of the project's own sample data need no word."""

    def __init__(self, arena: Arena) -> None:
        self._meanings: dict[str, list[tuple[str, str]]] = {}
        made_up = () if arena.sampled else (*_of_worlds(arena), *_of_rows(arena))
        for value, table, meaning in (*_ALWAYS, *made_up):
            self._meanings.setdefault(value, []).append((table, meaning))

    def comment(self, statements: str) -> str:
        """Return the line to put before statements, ending in a newline; empty where they hold nothing made up."""
        told = {}
        for value in dict.fromkeys(_QUOTED.findall(statements)):
            known = self._meanings.get(value, ())
            if meaning := next((each for table, each in known if table in statements), None):
                told[value] = f"{_short(value)} = {meaning}"
        if not told:
            return ""
        more = ", …" if len(told) > _MOST else ""
        return f"-- made up for the attack, put in your own: {', '.join([*told.values()][:_MOST])}{more}\n"


def _of_worlds(arena: Arena) -> Iterator[tuple[str, str, str]]:
    for world in arena.worlds:
        for name, values in world.keys.items():
            yield from ((value, "", f"{name} of {world.name}") for value in values)


def _of_rows(arena: Arena) -> Iterator[tuple[str, str, str]]:
    """The keys of rows: each means something only beside the name of its table."""
    for label, rows in arena.rows.items():
        if relation := arena.relations.get(label):
            columns = _keys(arena, relation)
            for row in rows:
                whose = f" of {row.world}" if row.world else ""
                for column in columns:
                    if value := row.values[column]:
                        yield value, relation.name, f"{relation.name}.{column}{whose}"


def _keys(arena: Arena, relation: Relation) -> set[str]:
    referring = {here for key in relation.foreign_keys for here, _ in key.columns}
    tied = {c.name for c in relation.columns if arena.discovery.class_of(ColumnOf(relation.label, c.name))}
    return {*relation.key, *referring, *tied}


def _short(value: str) -> str:
    return f"{value[:8]}…" if _UUID.fullmatch(value) else value
