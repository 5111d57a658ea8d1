"""The routines of a database by name, and what a text reaches through those that it calls."""

from collections.abc import Iterable, Iterator, Mapping

from schemaproof.references import Name, References
from schemaproof.surface import Routine

__all__ = ["Routines"]

# Functions of the platform that tell who is asking.
_IDENTITY = {("auth", name) for name in ("uid", "jwt", "role", "email")}


class Routines(Mapping[Name, tuple[Routine, ...]]):
    """The routines of a database by name; several share one where they are overloaded."""

    def __init__(self, routines: Iterable[Routine]) -> None:
        self._routines: dict[Name, tuple[Routine, ...]] = {}
        for routine in routines:
            key = Name(routine.schema, routine.name)
            self._routines[key] = (*self._routines.get(key, ()), routine)
            bare = Name(None, routine.name)
            self._routines[bare] = (*self._routines.get(bare, ()), routine)

    def __getitem__(self, name: Name) -> tuple[Routine, ...]:
        return self._routines[name]

    def __iter__(self) -> Iterator[Name]:
        return iter(self._routines)

    def __len__(self) -> int:
        return len(self._routines)

    def of(self, schemas: Iterable[str]) -> tuple[Routine, ...]:
        """Return those of some schemas, in the order of their names."""
        wanted = set(schemas)
        found = {routine.label: routine for several in self._routines.values() for routine in several}
        return tuple(sorted((each for each in found.values() if each.schema in wanted), key=lambda each: each.label))

    def reached(self, references: References) -> References:
        """Return what a text refers to, with all that the routines which it calls refer to."""
        seen: set[str] = set()
        found, waiting = [references], set(references.calls)
        while waiting:
            for routine in self._routines.get(waiting.pop(), ()):
                if routine.label not in seen:
                    seen.add(routine.label)
                    found.append(routine.references)
                    waiting |= routine.references.calls
        return References.of_all(found)

    def asks_who(self, references: References) -> bool:
        """Tell whether a text looks at who is asking, itself or through what it calls."""
        reached = self.reached(references)
        named = any(call.name == "current_setting" or (call.schema, call.name) in _IDENTITY for call in reached.calls)
        return named or reached.asks_who
