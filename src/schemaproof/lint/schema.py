"""What the migrations' text makes known of the schema: an index of objects, without a server."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from schemaproof.lint.bodies import body_trees
from schemaproof.lint.names import label, routine_name
from schemaproof.lint.step import Step
from schemaproof.lint.trees import relations_of

__all__ = ["Column", "Constraint", "Enum", "Function", "Policy", "Relation", "Schema", "Trigger"]


@dataclass(frozen=True)
class Column:
    """A column: its parser's type, and whether NULL is refused."""

    type: Any
    not_null: bool = False


@dataclass
class Relation:
    """A table or view; `known` is false for one that the text never made, a dashboard's say.

    Args:
        kind: `table`, `view` or `materialized view`.
        made: the step that made it.
        is_new: made by the migrations that are looked at, or temporary: no lock on it harms anybody.
        query: of a view.
        invoker: of a view: `security_invoker` is on.
        grants: role -> its privileges, in upper case; `ALL` is all of them.
    """

    label: str
    kind: str = "table"
    made: Step | None = None
    is_new: bool = False
    known: bool = True
    query: Any = None
    invoker: bool = False
    columns: dict[str, Column] = field(default_factory=dict)
    row_security: bool = False
    forced: bool = False
    grants: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def is_table(self) -> bool:
        """Whether rows lie in it."""
        return self.kind == "table"

    @property
    def schema(self) -> str:
        """Its schema's name."""
        return self.label.partition(".")[0]


@dataclass(frozen=True)
class Policy:
    """A policy; `node` is the statement that made it or changed it last."""

    table: str
    name: str
    permissive: bool
    command: str
    roles: tuple[str, ...]
    using: Any
    check: Any
    step: Step


@dataclass(frozen=True)
class Trigger:
    """A trigger, the function that it calls, and the columns that it is told to heed."""

    table: str
    name: str
    function: str
    columns: tuple[str, ...]
    step: Step
    enabled: bool = True


@dataclass(frozen=True)
class Constraint:
    """A constraint of a table, as the parser has it."""

    table: str
    name: str
    node: Any
    validated: bool
    columns: tuple[str, ...]
    step: Step

    @property
    def references(self) -> str | None:
        """The table that a foreign key points to."""
        return label(self.node.pktable) if self.node.pktable is not None else None


@dataclass
class Function:
    """A function or procedure."""

    label: str
    node: Any
    step: Step
    definer: bool
    has_path: bool

    @cached_property
    def options(self) -> dict[str, Any]:
        """Its options by name."""
        return {option.defname: option.arg for option in self.node.options or ()}

    @property
    def language(self) -> str:
        """In lower case."""
        return str(self.options["language"].sval).lower() if "language" in self.options else "sql"

    @cached_property
    def body(self) -> str:
        """The text of its body; empty for one in the standard's form."""
        parts = self.options.get("as") or ()
        return str(parts[0].sval) if parts else ""

    @cached_property
    def trees(self) -> tuple[Any, ...]:
        """The statements of a body that is a string, and that nothing binds to what it names."""
        return body_trees(self.language, self.body, self.step.statement.sql) if self.body else ()


@dataclass
class Enum:
    """An enumerated type."""

    label: str
    values: list[str]
    made: Step


@dataclass
class Schema:
    """The objects that the statements so far have made."""

    relations: dict[str, Relation] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    enums: dict[str, Enum] = field(default_factory=dict)
    policies: dict[tuple[str, str], Policy] = field(default_factory=dict)
    triggers: dict[tuple[str, str], Trigger] = field(default_factory=dict)
    constraints: dict[tuple[str, str], Constraint] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)
    # schema -> role -> what it gets on every new table; None stands for every schema
    defaults: dict[str | None, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(dict))

    def copy(self) -> "Schema":
        """Return a schema of its own, which starts from this one."""
        grants = {
            label: {role: set(some) for role, some in each.grants.items()} for label, each in self.relations.items()
        }
        return Schema(
            {
                name: replace(each, columns=dict(each.columns), grants=defaultdict(set, grants[name]))
                for name, each in self.relations.items()
            },
            {name: replace(each) for name, each in self.functions.items()},
            {name: replace(each, values=[*each.values]) for name, each in self.enums.items()},
            dict(self.policies),
            dict(self.triggers),
            dict(self.constraints),
            dict(self.indexes),
            defaultdict(dict, {scope: {r: set(p) for r, p in each.items()} for scope, each in self.defaults.items()}),
        )

    def relation(self, name: str) -> Relation:
        """Return a relation; one that the text never made is taken for a table that is there."""
        return self.relations.get(name) or Relation(name, known=False)

    def routines(self, name: str) -> list[Function]:
        """Return the routines of a label, with its arguments or, where it has none, whatever they are."""
        if "(" in name:
            return [self.functions[name]] if name in self.functions else []
        return [each for each in self.functions.values() if routine_name(each.label) == name]

    def policies_of(self, table: str) -> list[Policy]:
        """Return a table's policies."""
        return [policy for policy in self.policies.values() if policy.table == table]

    def views_on(self, name: str) -> Iterator[Relation]:
        """Yield the views whose query names a relation."""
        for each in self.relations.values():
            if each.query is not None and name in relations_of(each.query):
                yield each
