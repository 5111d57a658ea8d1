"""A rule: one harm that can be read from a migration's text; what it looks at, and what it has to say."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.util import find_spec
from typing import Any, TypeVar

from schemaproof.findings import Level
from schemaproof.lint.options import Options
from schemaproof.lint.schema import Relation, Schema
from schemaproof.lint.step import Step

__all__ = ["Harm", "Review", "Rule", "all_rules", "rule", "rule_names"]

_K = TypeVar("_K")
_RULES = "schemaproof.lint.rules"


@dataclass(frozen=True)
class Harm:
    """What a rule found in a step.

    Args:
        object: what it is about, as PostgreSQL writes it.
        summary: the harm in one line.
        remedy: what to do, in the imperative.
        what: tells it from others of the same rule, migration and object; a column, say.
        level: where it is lighter than the rule's.
        at: the node within the step's statement that it points at.
        detail: further lines.
    """

    object: str
    summary: str
    remedy: str
    what: str = ""
    level: Level | None = None
    at: Any = None
    detail: str = ""


@dataclass
class Review:
    """What a rule may look at besides its step.

    Args:
        schema: as it is known before the step.
        initial: as it is before the first one.
        final: as the last step leaves it.
        steps: those of the migrations that are looked at.
        options: the platform, and the project's query catalogue.
    """

    schema: Schema
    initial: Schema
    final: Schema
    steps: Sequence[Step]
    options: Options = field(default_factory=Options)

    def existing(self, name: str) -> Relation | None:
        """Return a relation that is there before the migrations looked at; None for one that they make."""
        found = self.schema.relation(name)
        return None if found.is_new else found

    def together(self, step: Step) -> list[Step]:
        """Return the steps of the same transaction, this one with them."""
        return self._together[step.transaction]

    def in_file(self, step: Step) -> list[Step]:
        """Return the steps of the same migration."""
        return self._in_file[id(step.migration)]

    @cached_property
    def _together(self) -> dict[tuple[str, int], list[Step]]:
        return _by(self.steps, lambda step: step.transaction)

    @cached_property
    def _in_file(self) -> dict[int, list[Step]]:
        return _by(self.steps, lambda step: id(step.migration))

    @cached_property
    def dynamic(self) -> str:
        """All text that DO blocks make and execute, in lower case: what it does is not known."""
        return "\n".join(step.dynamic for step in self.steps).lower()

    def is_exposed(self, relation: Relation) -> tuple[str, ...]:
        """Return the roles of requests, and `public`, that the text leaves a privilege on a relation."""
        asking = (*self.options.api_roles, "public")
        return tuple(role for role in asking if relation.grants.get(role))


def _by(steps: Iterable[Step], key: Callable[[Step], _K]) -> dict[_K, list[Step]]:
    found: dict[_K, list[Step]] = {}
    for step in steps:
        found.setdefault(key(step), []).append(step)
    return found


@dataclass(frozen=True)
class Rule:
    """A named rule.

    Args:
        name: its module's, and the check's of its findings.
        harm: its docstring.
        level: the heaviest that its findings may be.
        instead_of: rules of squawk that it knows more of.
        run: yields what it found in a step.
    """

    name: str
    harm: str
    level: Level
    instead_of: tuple[str, ...]
    run: Callable[[Step, Review], Iterable[Harm]]

    @property
    def summary(self) -> str:
        """The first line of the harm."""
        return self.harm.partition("\n")[0]


def rule(
    *, level: Level, instead_of: tuple[str, ...] = ()
) -> Callable[[Callable[[Step, Review], Iterable[Harm]]], Rule]:
    """Make a rule of a module's function: named after the module, its docstring the harm that it prevents."""

    def declare(function: Callable[[Step, Review], Iterable[Harm]]) -> Rule:
        return Rule(function.__module__.rpartition(".")[2], inspect.getdoc(function) or "", level, instead_of, function)

    return declare


def rule_names() -> tuple[str, ...]:
    """Return the names of the rules, without loading them."""
    spec = find_spec(_RULES)
    assert spec is not None
    return tuple(module.name for module in pkgutil.iter_modules(spec.submodule_search_locations))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of the package, by name."""
    return tuple(_discover())


def _discover() -> Iterator[Rule]:
    for name in rule_names():
        module = importlib.import_module(f"{_RULES}.{name}")
        yield from (value for value in vars(module).values() if isinstance(value, Rule))
