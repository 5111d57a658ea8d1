"""Which statement of a change dealt with an object last: where a finding points that the change brought about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemaproof.findings import Location
from schemaproof.origins.effects import Altered, Effect, Made, Moved
from schemaproof.origins.names import Path, identifiers
from schemaproof.origins.placing import Statement, placed_effects

__all__ = ["Touches"]

# Elements of a relation's name: its schema and its own.
_RELATION = 2
_ITSELF = 3
_GUARDS = ("row_security", "force_row_security")


@dataclass(frozen=True)
class _Touch:
    """A statement's deal with one object: `guards` where it is about who may reach it, or takes it away."""

    path: Path
    location: Location
    guards: bool


class Touches:
    """What the statements of new migrations make, alter, drop, rename and grant, in their order.

    As of `Origins`: what DO blocks execute is passed over, and names without a schema are taken for names of `public`.
    """

    def __init__(self, touches: Iterable[_Touch]) -> None:
        self._touches = tuple(touches)

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> "Touches":
        """Read the statements of a change."""
        return cls(
            _Touch(path, location, _guards(effect))
            for effect, location in placed_effects(statements)
            for path in _paths(effect)
        )

    def find(self, name: str) -> Location | None:
        """Return where an object was dealt with last, or its table, its parts, or all of its schema.

        What is about its guards (policies, privileges, row-level security) or takes it away comes first; for a part,
        what names the part itself.

        Args:
            name: as a finding has it: `public.rooms`, `public.rooms.members_read`, `public.free(integer)`.
        """
        wanted = tuple(identifiers(name.partition("(")[0]))
        near = [(near, each) for each in self._touches if (near := _nearness(each.path, wanted))]
        if not near:
            return None
        is_part = len(wanted) > _RELATION
        _, touch = max(
            reversed(near),  # of equals, the last
            key=lambda found: (found[0] > 1, is_part and found[0] == _ITSELF, found[1].guards),
        )
        return touch.location

    def called(self, text: str) -> Location | None:
        """Return where a function was dealt with last that an expression calls by its whole name."""
        calls = (each for each in reversed(self._touches) if each.path[0] == "routine" and len(each.path) > 2)
        return next((each.location for each in calls if f"{each.path[1]}.{each.path[2]}(" in text), None)


def _paths(effect: Effect) -> Iterator[Path]:
    yield effect.path
    if isinstance(effect, Moved):
        yield effect.to


def _guards(effect: Effect) -> bool:
    match effect:
        case Altered(_, name):
            return name in _GUARDS
        case Made(path):
            return path[0] == "policy"
        case _:
            return effect.path[0] not in ("column", "constraint")


def _nearness(path: Path, wanted: tuple[str, ...]) -> int:
    """`_ITSELF`: the object, 2: its table or a part of it, 1: all of its schema, 0: something else."""
    names = path[1:3] if path[0] == "routine" else path[1:]
    if names == wanted:
        return _ITSELF
    if len(names) > 1 and names[:2] == wanted[:2] and path[0] != "routine":
        return 2
    return int(len(names) == 1 and len(wanted) > 1 and names == wanted[:1] and path[0] in ("relation", "routine"))
