"""Calls of functions with arguments that lead to the victim: its keys, odd texts, literals of the body."""

import itertools
import json
import re
from collections.abc import Iterator

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.statements import piece, text
from schemaproof.attack.worlds import Held
from schemaproof.surface import Argument, Routine

__all__ = ["calls", "takes_sql"]

_CALLS = 24
_EACH = 6
_PREFIX = re.compile(r"^(?:p|in|arg|v|a|i|_|the|target|new)_+", re.IGNORECASE)
_BEARER = re.compile(r"token|secret|code|passw|hash|nonce|otp|pin$", re.IGNORECASE)
_KEY = re.compile(r"->>?\s*'(\w+)'")
_LITERAL = re.compile(r"'([^'\s]{1,40})'")
_TEXTS = ("text", "character varying", "character", "name", "citext")
_SIMPLE: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "false"),
    "integer": ("1", "100"),
    "bigint": ("1", "100"),
    "smallint": ("1",),
    "numeric": ("1",),
    "double precision": ("1",),
    "real": ("1",),
    "date": ("2000-01-01", "2100-01-01"),
    "timestamp with time zone": ("2000-01-01", "2100-01-01"),
    "timestamp without time zone": ("2000-01-01", "2100-01-01"),
    "interval": ("1000 days",),
    "json": ("{}",),
    "jsonb": ("{}",),
    "bytea": ("",),
}


def calls(arena: Arena, routine: Routine, victim: str) -> Iterator[str]:
    """Yield statements that call the routine: the arguments that belong together first, in bounded number."""
    pools = [_pool(arena, routine, argument, victim) for argument in routine.arguments]
    seen = set()
    for values in itertools.islice(_combined(pools), _CALLS * 4):
        statement = _call(routine, values)
        if statement not in seen:
            seen.add(statement)
            yield statement
        if len(seen) >= _CALLS:
            return


def takes_sql(routine: Routine) -> Iterator[tuple[Argument, str]]:
    """Yield calls in which one text argument ends the string or name that it is put into, were it not quoted."""
    if not re.search(r"\bexecute\b", routine.body, re.IGNORECASE):
        return
    for place, argument in enumerate(routine.arguments):
        if argument.type in _TEXTS:
            for hostile in ("'", '"', "a b'c"):
                values = [_plain(each) for each in routine.arguments]
                values[place] = hostile
                yield argument, _call(routine, tuple(values))


def _plain(argument: Argument) -> str | None:
    simple = _SIMPLE.get(argument.type)
    return simple[0] if simple else ("a" if argument.type in _TEXTS else None)


def _combined(pools: list[list[str | None]]) -> Iterator[tuple[str | None, ...]]:
    """First all pools in step, so that keys of one row meet, each by turns; then all combinations."""
    longest = max(map(len, pools), default=1)
    yield from (tuple(pool[step % len(pool)] for pool in pools) for step in range(longest))
    yield from itertools.product(*pools)


def _call(routine: Routine, values: tuple[str | None, ...]) -> str:
    parts = sql.SQL(", ").join(
        piece("{}::{}", sql.Literal(value), sql.SQL(argument.type))
        for value, argument in zip(values, routine.arguments, strict=True)
    )
    head = "call {}({})" if routine.procedure else "select * from {}({})"
    return text(head, routine.identifier, parts)


def _pool(arena: Arena, routine: Routine, argument: Argument, victim: str) -> list[str | None]:
    kind, array = argument.type.removesuffix("[]"), argument.type.endswith("[]")
    found = _named(arena, argument, kind, victim) or _of_type(arena, kind, victim)
    if kind in _TEXTS:
        found = [*found[:_EACH], *_LITERAL.findall(routine.body)[:4], "", "%"]
    else:
        found = [*found[:_EACH], *_SIMPLE.get(kind, ())]
    if kind in ("json", "jsonb"):
        found = [*_documents(arena, routine, victim), *found]
    if array:
        escaped = [value.replace("\\", "\\\\").replace('"', '\\"') for value in dict.fromkeys(found)]
        return ["{" + ",".join(f'"{value}"' for value in escaped) + "}", None]
    return [*dict.fromkeys(found), None]


def _documents(arena: Arena, routine: Routine, victim: str) -> list[str]:
    """Objects with the keys that the body reads, each with the victim's value of that name."""
    document = {}
    for key in dict.fromkeys(_KEY.findall(routine.body)):
        for kind in ("uuid", "text", "integer"):
            if values := _named(arena, Argument(key, kind, defaulted=False), kind, victim):
                document[key] = values[0]
                break
    return [json.dumps(document)] if document else []


def _named(arena: Arena, argument: Argument, kind: str, victim: str) -> list[str]:
    """Values of the columns that the argument is named after: `p_order_id` is order_id, or the id of orders."""
    name = _PREFIX.sub("", argument.name).strip("_").lower()
    if argument.type.endswith("[]"):
        name = name.removesuffix("s")
    if not name or _BEARER.search(name):
        return []
    exact: list[str] = []
    for row, column, value in _values(arena, kind, victim):
        singular = row.relation.rpartition(".")[2].strip('"').removesuffix("s")
        if column == name or (name in (f"{singular}_id", singular, "id") and column == "id"):
            exact.append(value)
    return list(dict.fromkeys(exact))


def _of_type(arena: Arena, kind: str, victim: str) -> list[str]:
    """The victim's keys of this type, one a table, those of the tenancy first."""
    keys = [
        value
        for world in arena.worlds
        if world.name == victim
        for values in world.keys.values()
        for value in values[:1]
    ]
    rows: dict[tuple[str, str], str] = {}
    for row, column, value in _values(arena, kind, victim):
        relation = arena.relations.get(row.relation)
        if relation is not None and column in relation.key:
            rows.setdefault((row.relation, column), value)
    wanted = [key for key in keys if kind in _TEXTS or _fits(key, kind)]
    return list(dict.fromkeys([*wanted, *rows.values()]))


def _fits(value: str, kind: str) -> bool:
    if kind == "uuid":
        return len(value) == 36
    return kind in ("integer", "bigint", "smallint", "numeric") and value.lstrip("-").isdigit()


def _values(arena: Arena, kind: str, victim: str) -> Iterator[tuple[Held, str, str]]:
    for label, rows in arena.rows.items():
        relation = arena.relations.get(label)
        if relation is None or relation.parent:
            continue
        columns = [c.name for c in relation.columns if c.type == kind or (kind in _TEXTS and c.type in _TEXTS)]
        for row in rows:
            if row.world == victim:
                for column in columns:
                    if (value := row.values[column]) is not None and not _BEARER.search(column):
                        yield row, column, value
