"""A model's file as TOML with the line of each key, so that whatever is wrong with a value is told with its place."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemaproof.errors import UsageError, did_you_mean

__all__ = ["Document", "Key", "read_document"]

Key = tuple[str, ...]

_HEADER = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(#.*)?$")
_ASSIGNMENT = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")


@dataclass(frozen=True)
class Document:
    """What a file says, and where: `lines` by key; the items of a list are keyed by their numbers from 1."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[Key, int] = field(default_factory=dict)
    text: str = ""

    def error(self, key: Key, message: str, *, remedy: str = "") -> UsageError:
        """Return the refusal of what stands at `key`, with the line of the nearest key above it that has one."""
        return UsageError(f"{self.place(key)}: {message}", remedy=remedy)

    def place(self, key: Key) -> str:
        """Return `file:line: key`."""
        line = next((self.lines[key[:end]] for end in range(len(key), 0, -1) if key[:end] in self.lines), 1)
        return f"{self.path}:{line}" + (f": {'.'.join(_quoted(part) for part in key)}" if key else "")

    def table(self, value: object, key: Key) -> dict[str, Any]:
        """Return `value` as a table of keys."""
        if not isinstance(value, dict):
            raise self.error(key, "is not a table", remedy="Write its keys in braces, or below a header in brackets.")
        return dict(value)

    def known(self, value: Iterable[str], names: Iterable[str], key: Key) -> None:
        """Refuse a key that is none of `names`."""
        names = tuple(names)
        for name in value:
            if name not in names:
                remedy = did_you_mean(name, names, otherwise=f"Known here: {', '.join(sorted(names))}.")
                raise self.error((*key, name), "is unknown", remedy=remedy)


def read_document(path: Path) -> Document:
    """Read a TOML file; raises UsageError where it cannot be read or is none."""
    try:
        text = path.read_text(encoding="utf-8")
        return Document(path, tomllib.loads(text), dict(_lines(text)), text)
    except OSError as error:
        raise UsageError(f"volume model {path}: {error.strerror}", remedy="Mend `volume` in the settings.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"volume model {path} is not TOML: {error}", remedy="Mend the line it names.") from error


def _lines(text: str) -> Iterator[tuple[Key, int]]:
    header: Key = ()
    last: Key = ()
    item = 0
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADER.match(line):
            header = _key(found[1])
            yield header, number
        elif found := _ASSIGNMENT.match(line):
            last, item = (*header, *_key(found[1])), 0
            yield last, number
        elif line.lstrip().startswith("{"):  # one of a list that goes over several lines
            item += 1
            yield (*last, str(item)), number


def _key(text: str) -> Key:
    try:
        value: Any = tomllib.loads(f"{text} = 0")
    except tomllib.TOMLDecodeError:  # a line of a text that goes over several
        return ()
    parts = []
    while isinstance(value, dict):
        (name, value) = next(iter(value.items()))
        parts.append(name)
    return tuple(parts)


def _quoted(part: str) -> str:
    return part if re.fullmatch(r"[\w-]+", part) else f'"{part}"'
