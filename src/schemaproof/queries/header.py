"""Reading a query's header: `-- key: value` lines above its statement; a misspelt key is refused by file and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Location

__all__ = ["KEYS", "Entry", "Header", "read_header"]

# Each key, and whether it may stand more than once.
KEYS: Mapping[str, bool] = {
    "name": False,
    "about": False,
    "requirement": False,
    "role": False,
    "claims": False,
    "tenant": False,
    "cases": False,
    "param": True,
    "setup": True,
    "uses": True,
    "needs": True,
    "refused": False,
    "returns": False,
    "plans": False,
    "scans": True,
    "no": False,
    "may": False,
    "max_buffers": False,
    "max_discarded_per_row": False,
    "max_estimate_error": False,
    "max_claim_reads": False,
}
_LINE = re.compile(r"^--\s?(?P<key>\w+)(?:\s+(?P<argument>\w+))?:\s*(?P<value>.*)$")
_CONTINUED = re.compile(r"^--\s{3,}(?P<value>\S.*)$")


@dataclass(frozen=True)
class Entry:
    """A line of a header, and those that continue it: `argument` is the name in `param before: …`."""

    key: str
    value: str
    location: Location
    argument: str = ""


@dataclass(frozen=True)
class Header:
    """The entries of a header, and what stands below them."""

    path: Path
    entries: tuple[Entry, ...]
    body: str
    line: int

    def all(self, key: str) -> tuple[Entry, ...]:
        """Return the entries of a key."""
        return tuple(entry for entry in self.entries if entry.key == key)

    def one(self, key: str) -> Entry | None:
        """Return the entry of a key that stands at most once."""
        return next(iter(self.all(key)), None)

    def text(self, key: str, default: str = "") -> str:
        """Return the value of a key that stands at most once."""
        entry = self.one(key)
        return entry.value if entry else default


def read_header(path: Path) -> Header:
    """Read the header of a file.

    Raises:
        UsageError: an unreadable file, an unknown key, one that stands twice, or no statement, by file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"query {path}: {error}", remedy="Mend the file.") from error
    entries: list[Entry] = []
    number = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith("--"):
            break
        _take(entries, line, Location(path, number))
    body = "\n".join(lines[number - 1 :]).strip().rstrip(";")
    blank = next((count for count, line in enumerate(lines[number - 1 :]) if line.strip()), 0)
    if not body or body.startswith("--"):
        raise UsageError(f"{path}:{len(lines)}: no statement", remedy="Write the query below its header.")
    _refuse_twice(entries)
    return Header(path, tuple(entries), body, number + blank)


def _take(entries: list[Entry], line: str, location: Location) -> None:
    if entries and (more := _CONTINUED.match(line)):
        last = entries.pop()
        entries.append(Entry(last.key, f"{last.value}\n{more['value']}".strip(), last.location, last.argument))
        return
    found = _LINE.match(line)
    if not found:
        remedy = "A header's lines are `-- key: value`; what continues one begins with three blanks."
        raise UsageError(f"{location}: not a line of a header: {line}", remedy=remedy)
    if found["key"] not in KEYS:
        remedy = did_you_mean(found["key"], KEYS, otherwise=f"Keys: {', '.join(KEYS)}.")
        raise UsageError(f"{location}: unknown key `{found['key']}`", remedy=remedy)
    entries.append(Entry(found["key"], found["value"].strip(), location, found["argument"] or ""))


def _refuse_twice(entries: list[Entry]) -> None:
    for entry in _repeated(entries):
        raise UsageError(f"{entry.location}: `{entry.key}` stands twice", remedy="Keep one of the two.")


def _repeated(entries: list[Entry]) -> Iterator[Entry]:
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        key = (entry.key, entry.argument)
        if key in seen and (not KEYS[entry.key] or entry.key == "param"):
            yield entry
        seen.add(key)
