"""What a project shows, against what the migrations give: more than they give is an error, less a warning."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemaproof.catalogue import ObjectKey
from schemaproof.findings import PROBED, Finding, Level
from schemaproof.origins import Origins
from schemaproof.rest.expectation import Expectation, Relation
from schemaproof.rest.project import Project
from schemaproof.rest.sight import Sight
from schemaproof.tenancy.syntax import quoted

__all__ = ["Comparison"]

(NAME,) = PROBED
_RELOAD = "Deploy the migrations there; if they are, have the API read its schema anew: notify pgrst, 'reload schema'."
_STRAY = "What is there by hand goes into a migration, or away."


@dataclass(frozen=True)
class Comparison:
    """Holds what was seen against what was to be seen."""

    project: Project
    expectation: Expectation
    sight: Sight
    origins: Origins

    def findings(self) -> Iterator[Finding]:
        """Yield them: of the asking itself, then of relations, their columns, and functions."""
        yield from self._of_asking()
        for name in sorted({*self.expectation.relations, *self.sight.listed}):
            relation = self.expectation.relations.get(name)
            if relation is None or not relation.listed:
                yield from self._uninvited(name, relation)
            else:
                yield from self._expected(name, relation)
        if not self.sight.closed:
            yield from self._functions()

    def _of_asking(self) -> Iterator[Finding]:
        if self.project.is_in_clear:
            yield Finding(
                NAME,
                self.project.host,
                "the key went through the network in clear: the URL is of http",
                "Name the project by https.",
                level=Level.WARNING,
                key=f"{NAME}:http",
            )
        if self.sight.closed:
            yield Finding(
                NAME,
                self.project.host,
                f"the root lists nothing to visitors: {self.sight.closed}",
                "Nothing is to be mended; but functions, and tables that no migration names, are not compared.",
                level=Level.NOTE,
                key=f"{NAME}:root",
            )
        for name, answer in self.sight.unclear.items():
            told = f"{self._label(name)} could not be compared: {answer}"
            yield self._finding(name, Level.WARNING, told, "Ask again; look at the project's logs if it stays so.")
        if self.sight.unasked:
            yield Finding(
                NAME,
                self.project.host,
                f"{len(self.sight.unasked)} relations were not compared: no request was left",
                "Allow more with --most.",
                level=Level.WARNING,
                detail="\n".join(map(self._label, self.sight.unasked)),
                key=f"{NAME}:most",
            )

    def _uninvited(self, name: str, relation: Relation | None) -> Iterator[Finding]:
        """A relation of which the role should see nothing."""
        readable = self.sight.readable(name)
        if not readable and name not in self.sight.listed:
            return
        label, role = self._label(name), self.expectation.role
        if relation is None:
            summary, remedy = f"{role} is shown {label}, which no migration makes", _STRAY
        else:
            summary = f"{role} is shown {label}, on which the migrations give it nothing"
            remedy = f"Revoke it there: revoke all on {label} from {role}; and see who granted it."
        yield self._finding(name, Level.ERROR, summary, remedy, detail=_what_of_it(readable))

    def _expected(self, name: str, relation: Relation) -> Iterator[Finding]:
        label, role = self._label(name), self.expectation.role
        listed, readable = self.sight.listed.get(name), self.sight.readable(name)
        unseen = name in self.sight.missing or (listed is None and not self.sight.closed)
        if unseen and not readable:
            yield self._finding(name, Level.WARNING, f"{role} is not shown {label}, as the migrations let it", _RELOAD)
            return
        for column in sorted((listed or frozenset()) - relation.columns.keys()):
            told = f"{role} is shown {label}.{quoted(column)}, which no migration makes"
            yield self._finding(name, Level.ERROR, told, _STRAY, column=column)
        for column in sorted((readable & relation.columns.keys()) - relation.readable):
            told = f"{role} can read {label}.{quoted(column)}, which the migrations do not let it read"
            remedy = f"Take the privilege back there: {role} holds SELECT on {label} or on this column."
            yield self._finding(name, Level.ERROR, told, remedy, column=column)
        answered = self.sight.columns.get(name, {}).keys()
        for column in sorted((relation.readable & answered) - readable):
            told = f"{role} cannot read {label}.{quoted(column)}, as the migrations let it"
            yield self._finding(name, Level.WARNING, told, _RELOAD, column=column)

    def _functions(self) -> Iterator[Finding]:
        given = {name for name, may in self.expectation.functions.items() if may}
        for name in self._of_the_project(self.sight.functions - given):
            yield self._uninvited_function(name)
        for name in self._of_the_project(given - self.sight.functions):
            label = f"{self._label(name)}()"
            told = f"{self.expectation.role} is not offered {label}, as the migrations let it"
            yield Finding(NAME, label, told, _RELOAD, level=Level.WARNING)

    def _uninvited_function(self, name: str) -> Finding:
        label, role = self._label(name), self.expectation.role
        told = f"{role} is offered {label}()"
        if name in self.expectation.functions:
            remedy = f"Revoke it there: revoke execute on function {label} from public, {role}."
            return Finding(NAME, f"{label}()", f"{told}, which the migrations do not let it call", remedy)
        level, detail = Level.ERROR, ""
        if self.expectation.extensions:
            level = Level.WARNING
            detail = f"It may be of an extension in that schema: {', '.join(self.expectation.extensions)}."
        return Finding(NAME, f"{label}()", f"{told}, which no migration makes", _STRAY, level=level, detail=detail)

    def _of_the_project(self, functions: Iterable[str]) -> list[str]:
        return sorted(set(functions) - self.expectation.of_extensions)

    def _finding(
        self, relation: str, level: Level, summary: str, remedy: str, *, column: str = "", detail: str = ""
    ) -> Finding:
        label = self._label(relation)
        place = self.origins.find(ObjectKey("table", label))
        return Finding(
            NAME,
            f"{label}.{quoted(column)}" if column else label,
            summary,
            remedy,
            level=level,
            detail=detail,
            location=place or self.origins.find(ObjectKey("view", label)),
        )

    def _label(self, name: str) -> str:
        return f"{quoted(self.expectation.schema)}.{quoted(name)}"


def _what_of_it(readable: frozenset[str]) -> str:
    if readable:
        return f"can be read: {', '.join(sorted(readable))}"
    return "reads are refused: it has another privilege there, or the root lists everything (setting openapi-mode)"
