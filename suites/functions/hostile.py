"""Calls with what tends to break things: NULL, nothing, too much, both ends of a range, another tenant's ids, SQL.

The functions and the types of their arguments come from the catalogue, the good calls from `examples`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import psycopg

from suites.functions.examples import EXAMPLES, values

__all__ = ["Signature", "ids_of", "signature"]

_TRIES = 60
_INTEGERS = ["null", "-2147483648", "-1", "0", "1", "5", "10", "11", "10000", "2147483647"]
_TEXTS = [
    *("null", "''", "' '", "repeat('x', 10000)", "'NULL'", "'%'", "'\\'", "E'\\n'", "'🦆'"),
    *(
        "'+491701234567'",
        "'+0'",
        "'491701234567'",
        "'whatsapp'",
        "'sent'",
        "'T0SHARED'",
        "'U0NEW'",
        "'jane@example.com'",
    ),
    *("'tenants'", "'slack_connections'", "'encryption_keys'", "'x''; drop table public.tenants; --'", "'{{}}'"),
]
# What is drawn for each type; `foreign`, `own` and `row` are put in.
_POOLS = {
    "uuid": ["null", "'{nil}'", "'{own}'", "'{foreign}'", "'{row}'", "'{foreign_row}'", "gen_random_uuid()"],
    "text": [*_TEXTS, "'{foreign}'", "'{row}'"],
    "text[]": [
        "null",
        "'{{}}'",
        "array[null]::text[]",
        "array_fill('x'::text, array[1000])",
        "array['chat:write', '']",
    ],
    "integer": _INTEGERS,
    "bytea": [
        "null",
        "''",
        "'\\x01'",
        "'\\xff'",
        "decode(repeat('01', 69), 'hex')",
        "decode(repeat('00', 10000), 'hex')",
    ],
    "jsonb": ["null", "'null'", "'{{}}'", "'[]'", "'1'", "jsonb_build_object('x', repeat('x', 100000))"],
    "date": ["null", "'-infinity'", "'infinity'", "'2026-01-01'", "'2026-02-28'"],
    "timestamp with time zone": ["null", "'-infinity'", "'infinity'", "now()", "'epoch'"],
    "interval": ["null", "'0'", "'-1 day'", "'1 microsecond'", "'10000 years'"],
    "regclass": ["null", "'public.tenants'", "'private.encryption_keys'", "'public.tenants_pkey'", "0::regclass"],
    "private.jobs": ["null", "(select j from private.jobs as j limit 1)"],
    "private.job_runs": ["null", "(select r from private.job_runs as r order by job_run_id limit 1)"],
}


@dataclass(frozen=True)
class Signature:
    """A function's name, and the names and types of what it is given."""

    name: str
    names: list[str]
    types: list[str]

    def drawn(self, ids: dict[str, object], *, verb: str = "select") -> list[bytes]:
        """Return calls: all NULL, then as many drawn ones, the same in every run."""
        random = Random(self.name)
        drawn = [["null"] * len(self.types)]
        drawn += [[random.choice(_POOLS[kind]) for kind in self.types] for _ in range(_TRIES if self.types else 0)]
        return [self._call(verb, arguments, ids) for arguments in drawn]

    def spoiled(self, ids: dict[str, object], good: dict[str, Any]) -> Iterator[bytes]:
        """Yield the good call with one argument replaced, each in turn by everything that is drawn for its type."""
        text = EXAMPLES[self.name] % {name: f"'{value}'" for name, value in good.items()}
        start = text.rindex(f"{self.name}(") + len(self.name) + 1
        arguments, end = _arguments(text, start)
        for place, kind in enumerate(self.types):
            for value in _POOLS[kind]:
                hostile = _cast(value, kind, ids)
                # One that the good call leaves to its default is given by name.
                named = [*arguments, f"{self.names[place]} => {hostile}"]
                given = [*arguments[:place], hostile, *arguments[place + 1 :]] if place < len(arguments) else named
                yield f"{text[:start]}{', '.join(given)}{text[end:]}".encode()

    def _call(self, verb: str, arguments: list[str], ids: dict[str, object]) -> bytes:
        cast = [_cast(value, kind, ids) for value, kind in zip(arguments, self.types, strict=True)]
        return f"{verb} {self.name}({', '.join(cast)})".encode()


def signature(db: psycopg.Connection[Any], name: str) -> Signature:
    """Return the signature of the function or procedure of this name."""
    query = """
        select
            p.proargnames[:p.pronargs],
            array(
                select format_type(t.kind, null)
                from unnest(p.proargtypes::oid[]) with ordinality as t (kind, place) order by t.place
            )
        from pg_catalog.pg_proc as p where p.pronamespace::regnamespace || '.' || p.proname = %s
    """
    row = db.execute(query, [name]).fetchone()
    assert row is not None
    return Signature(name, row[0] or [], row[1])


def ids_of(db: psycopg.Connection[Any], own: UUID, foreign: UUID) -> dict[str, object]:
    """Return the ids to put into calls: of the caller's tenant and of another one."""
    rows = {"row": values(db, own)["row"], "foreign_row": values(db, foreign)["row"]}
    return {"nil": UUID(int=0), "own": own, "foreign": foreign, **rows}


def _cast(value: str, kind: str, ids: dict[str, object]) -> str:
    return f"({value.format(**ids)})::{kind}"


def _arguments(text: str, start: int) -> tuple[list[str], int]:
    """Split the arguments of the call whose parenthesis opens before `start`; return them and where it closes."""
    depth, quoted, begin, found = 0, False, start, list[str]()
    for place in range(start, len(text)):
        character = text[place]
        quoted ^= character == "'"
        if not quoted and character in ",)" and not depth:
            found.append(text[begin:place].strip())
            begin = place + 1
            if character == ")":
                return [argument for argument in found if argument], place
        elif not quoted:
            depth += (character in "([") - (character in ")]")
    raise AssertionError(f"no call ends in {text}")
