"""Which statement of which file made an object: from the migrations' text to the line that a finding points at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schemaproof.catalogue import ObjectKey
from schemaproof.findings import Location
from schemaproof.origins.effects import Altered, Dropped, Effect, Granted, Made, Moved
from schemaproof.origins.names import Path, of_key
from schemaproof.origins.placing import Statement, placed_effects
from schemaproof.origins.touches import Touches

__all__ = ["Origins", "Touches"]

_PARTS = ("column", "constraint", "policy", "rule", "trigger")
# How many elements the path of one object has.
_COMPLETE = {"relation": 3, "routine": 4}


@dataclass
class _Record:
    made: Location | None = None
    altered: dict[str, Location] = field(default_factory=dict)
    granted: list[tuple[Granted, Location]] = field(default_factory=list)


class Origins:
    """What the statements of a history leave behind, and where each object comes from.

    The text is read with the grammar of PostgreSQL 18: a statement that it rejects is passed over, and so is what a
    DO block executes. Names without a schema are taken for names of `public`.
    """

    def __init__(self) -> None:
        self._records: dict[Path, _Record] = {}
        # The same paths by schema and name of the object: what hangs on one is found without looking at all.
        self._near: dict[Path, set[Path]] = {}

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> "Origins":
        """Follow the statements in order. What one drops is forgotten; what one renames keeps its origin."""
        origins = cls()
        for effect, location in placed_effects(statements):
            origins._apply(effect, location)
        return origins

    def find(self, key: ObjectKey, *, property_name: str | None = None) -> Location | None:
        """Return where the object was defined last (`create or replace` and ALTER POLICY define anew).

        A part without an origin of its own (a policy that is missing, a constraint without a name) has its table's.

        Args:
            key: of a catalogue, or of what should be there.
            property_name: look first where this property was set last (`row_security`, `grants`, `comment`, …).
        """
        path = of_key(key)
        record = self._records.get(path)
        if record is not None and property_name in record.altered:
            return record.altered[property_name]
        if record is not None and record.made is not None:
            return record.made
        return next((found.made for found in self._instead(path) if found.made is not None), None)

    def grant(self, key: ObjectKey, role: str, *, privilege: str | None = None) -> Location | None:
        """Return the last GRANT to `role` on the object, of `privilege` when one is named; None when there is none."""
        record = self._records.get(of_key(key), _Record())
        for granted, location in reversed(record.granted):
            fits = granted.privileges is None or privilege is None or privilege.upper() in granted.privileges
            fits = fits and granted.sequences in (None, key.kind == "sequence")
            if fits and role in granted.roles and not granted.revoked:
                return location
        return None

    def _instead(self, path: Path) -> Iterator[_Record]:
        """Give what stands in for an unknown object: the table of a part, a function of the same name."""
        if path[0] in _PARTS:
            yield from (self._records.get((space, *path[1:-1]), _Record()) for space in ("relation", "type"))
        elif path[0] == "routine":
            yield from (record for known, record in self._records.items() if known[:3] == path[:3])

    def _apply(self, effect: Effect, location: Location) -> None:
        match effect:
            case Dropped(path):
                self._drop(path)
            case Moved(path, to):
                for known in self._of(path):
                    self._put(_moved(known, path, to), self._take(known))
            case Made(path) | Altered(path) | Granted(path):
                for target in self._targets(path):
                    _note(self._records.get(target) or self._put(target, _Record()), effect, location)

    def _drop(self, path: Path) -> None:
        for known in self._of(path):
            self._take(known)

    def _of(self, path: Path) -> list[Path]:
        """Give the paths that are known of an object and its parts."""
        if path[0] in _PARTS:  # by far the most frequent, and nothing hangs on it
            return [path] if path in self._records else []
        near = self._near.get(path[1:3], ()) if len(path) > 2 else self._records
        return [known for known in near if _within(known, path)]

    def _put(self, path: Path, record: _Record) -> _Record:
        self._records[path] = record
        self._near.setdefault(path[1:3], set()).add(path)
        return record

    def _take(self, path: Path) -> _Record:
        self._near[path[1:3]].discard(path)
        return self._records.pop(path)

    def _targets(self, path: Path) -> list[Path]:
        """Spell out ALL … IN SCHEMA, whose path ends with the schema, and a function without its arguments."""
        if len(path) < _COMPLETE.get(path[0], 0):
            return [known for known in self._records if known[: len(path)] == path]
        return [path]


def _note(record: _Record, effect: Made | Altered | Granted, location: Location) -> None:
    match effect:
        case Made():
            record.made = location
        case Altered(_, name):
            record.altered[name] = location
        case Granted():
            record.altered["grants"] = location
            record.granted.append((effect, location))


def _within(known: Path, path: Path) -> bool:
    """Tell whether `known` is `path` itself or a part of it."""
    if path[0] == "schema":
        return known == path or (len(known) > 2 and known[1] == path[1])
    if known[0] == path[0]:
        return known[: len(path)] == path
    return path[0] in ("relation", "type") and known[0] in _PARTS and known[1 : len(path)] == path[1:]


def _moved(known: Path, path: Path, to: Path) -> Path:
    if known[0] == path[0]:
        return to + known[len(path) :]
    return (known[0], *to[1:], *known[len(to) :])
