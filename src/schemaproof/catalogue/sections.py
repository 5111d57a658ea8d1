"""The sections of the snapshot's statement, a file under `sql/` each, and which of them a database needs.

The first lines of a section may say what it is for: `-- since N` and `-- before N` (server_version_num), and
`-- only if CONDITION` for kinds that few databases have: planning a query on catalogues with nothing in them costs
more than asking first. Any one of the conditions is enough; a long one goes on behind `--     `.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

__all__ = ["presence", "statement"]

_SCOPE = "_scope"
_RESULT = "select kind, name, json_strip_nulls(properties) from objects"
_MARK = re.compile(r"-- (?P<word>since|before|only if) (?P<rest>.+)")


@dataclass(frozen=True)
class _Section:
    text: str
    since: int = 0
    before: int = 1_000_000
    conditions: tuple[str, ...] = ()


@lru_cache
def presence(version: int) -> str:
    """Give the query that tells, section by section, whether there is something to see: one row of booleans."""
    return "select " + ", ".join(" or ".join(section.conditions) or "true" for section in _sections(version))


@lru_cache
def statement(version: int, present: tuple[bool, ...]) -> str:
    """Join the sections that are `present` into one statement: kind, name, properties; $1 is the schemas or null."""
    chosen = [section.text for section, wanted in zip(_sections(version), present, strict=True) if wanted]
    objects = "\nunion all\n".join(chosen)
    return f"{_text(_SCOPE)}, objects (kind, name, properties) as (\n{objects})\n{_RESULT}"


@lru_cache
def _sections(version: int) -> tuple[_Section, ...]:
    return tuple(section for section in _all_sections() if section.since <= version < section.before)


@lru_cache
def _all_sections() -> tuple[_Section, ...]:
    names = (path.name.removesuffix(".sql") for path in (files(__package__) / "sql").iterdir())
    return tuple(_read(_text(name)) for name in sorted(names) if name != _SCOPE)


def _read(text: str) -> _Section:
    versions = {word: int(rest) for word, rest in _marks(text) if word in ("since", "before")}
    return _Section(text, **versions, conditions=tuple(rest for word, rest in _marks(text) if word == "only if"))


def _marks(text: str) -> Iterator[tuple[str, str]]:
    for line in text.replace("\n--     ", " ").splitlines():
        mark = _MARK.fullmatch(line)
        if mark is None:
            return
        yield mark["word"], mark["rest"]


def _text(name: str) -> str:
    return (files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
