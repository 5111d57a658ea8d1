"""Reads the bodies of functions: where what they answer comes from, given where their arguments come from."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pglast import parse_plpgsql
from pglast.parser import ParseError

from schemaproof.surface import Routine
from schemaproof.tenancy.expressions import Reader
from schemaproof.tenancy.facts import NOTHING, Facts, Sources, merged
from schemaproof.tenancy.scopes import Columns, Scope
from schemaproof.tenancy.syntax import parsed

__all__ = ["Bodies"]

_QUERY = re.compile(r"\s*(?:select|insert|update|delete|with|merge)\b", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"\s*([a-z_][\w.]*)\s*:?=(?!=)\s*", re.IGNORECASE)

_RETURNED = re.compile(r"\breturn\s+([a-z_]\w*)\s*;", re.IGNORECASE)


class Bodies:
    """The project's routines, read once for each set of arguments.

    Args:
        routines: all that a policy may call.
        columns: names of the columns of each relation, by label.
    """

    def __init__(self, routines: Iterable[Routine], columns: Columns) -> None:
        self.reader = Reader(columns, self.call)
        self._routines: dict[str, list[Routine]] = {}
        self._known: dict[tuple[str, tuple[Sources, ...]], Sources] = {}
        for routine in routines:
            self._routines.setdefault(routine.name, []).append(routine)

    @property
    def facts(self) -> Facts:
        """What was read so far."""
        return self.reader.facts

    def call(self, name: tuple[str, ...], arguments: list[Sources], depth: int) -> Sources | None:
        """Return the sources of a call's answer; None where the function is not the project's."""
        routine = self._find(name, len(arguments))
        if routine is None:
            return None
        key = (routine.label, tuple(arguments))
        if key not in self._known:
            self._known[key] = NOTHING  # for one that calls itself
            self.reader.inside += 1
            self._known[key] = self.body(routine, arguments, depth=depth)
            self.reader.inside -= 1
        return self._known[key]

    def body(self, routine: Routine, arguments: list[Sources], *, depth: int = 0) -> Sources:
        """Read a routine's body; return the sources of what it answers with."""
        parameters: dict[str, Sources] = {}
        for place, argument in enumerate(routine.arguments, 1):
            sources = arguments[place - 1] if place <= len(arguments) else NOTHING
            parameters |= {f"${place}": sources} | ({argument.name: sources} if argument.name else {})
        scope = Scope({}, parameters, None, depth)
        if routine.language == "sql":
            return self._sql(routine.body, scope)
        if routine.language == "plpgsql" and routine.definition:
            return self._plpgsql(routine.definition, parameters, depth)
        return NOTHING

    def _find(self, name: tuple[str, ...], count: int) -> Routine | None:
        fit = [
            routine
            for routine in self._routines.get(name[-1], ())
            if (len(name) < 2 or routine.schema == name[-2]) and len(routine.arguments) >= count
        ]
        return min(fit, key=lambda routine: len(routine.arguments)) if fit else None

    def _sql(self, body: str, scope: Scope) -> Sources:
        text = body.strip()
        if text.upper().startswith("RETURN"):
            text = f"select {text[6:]}"
        elif text.upper().startswith("BEGIN ATOMIC"):
            text = re.sub(r"END\s*$", "", text[len("BEGIN ATOMIC") :], flags=re.IGNORECASE)
        found = NOTHING
        for statement in parsed(text):
            columns = self.reader.statement(statement, scope)
            found = _first(columns)
        return found

    def _plpgsql(self, definition: str, parameters: dict[str, Sources], depth: int) -> Sources:
        try:
            tree: Any = parse_plpgsql(definition)
        except (ParseError, RecursionError, json.JSONDecodeError, UnicodeError):
            return NOTHING
        return _Walk(self.reader, dict(parameters), depth).answer(tree, definition)


class _Walk:
    """Goes through the statements of a PL/pgSQL body in order, keeping what each variable holds."""

    def __init__(self, reader: Reader, variables: dict[str, Sources], depth: int) -> None:
        self._reader = reader
        self._variables = variables
        self._depth = depth

    def answer(self, tree: Any, definition: str) -> Sources:
        """Return the sources of what the body returns; `return v;` is in the text alone, and not in the tree."""
        found = NOTHING
        for kind, node in _statements(tree):
            match kind:
                case "PLpgSQL_stmt_assign":
                    self._assign(_text(node["expr"]))
                case "PLpgSQL_stmt_execsql":
                    self._into(node, self._run(_text(node["sqlstmt"])))
                case "PLpgSQL_stmt_return" | "PLpgSQL_stmt_return_query" | "PLpgSQL_stmt_return_next":
                    columns = self._run(_text(node.get("expr") or node.get("query") or {}))
                    found |= _first(columns)
                case "PLpgSQL_stmt_fors":
                    self._into(node, self._run(_text(node["query"])))
                case "PLpgSQL_var" if "default_val" in node:
                    columns = self._run(_text(node["default_val"]))
                    self._set(node["refname"], _first(columns))
                case "PLpgSQL_stmt_if" | "PLpgSQL_if_elsif":
                    self._condition(_text(node["cond"]))
                case "PLpgSQL_stmt_perform":
                    self._run(_text(node["expr"]))
                case _:
                    pass
        returned = {name.lower() for name in _RETURNED.findall(definition)}
        return found | merged(self._variables.get(name, NOTHING) for name in returned)

    def _scope(self) -> Scope:
        return Scope({}, self._variables, None, self._depth)

    def _assign(self, text: str) -> None:
        if (found := _ASSIGNMENT.match(text)) is not None:
            columns = self._run(text[found.end() :])
            self._set(found[1].lower(), _first(columns))

    def _set(self, name: str, sources: Sources) -> None:
        self._variables[name] = self._variables.get(name, NOTHING) | sources

    def _into(self, node: Mapping[str, Any], columns: list[tuple[str, Sources]]) -> None:
        target = node.get("target") or node.get("var") or {}
        if "PLpgSQL_row" in target:
            for field, (_, sources) in zip(target["PLpgSQL_row"].get("fields", ()), columns, strict=False):
                self._set(field["name"], sources)
        elif "PLpgSQL_rec" in target:
            record = target["PLpgSQL_rec"]["refname"]
            for name, sources in columns:  # `r.column` is looked up by its last part
                self._set(name, sources)
            self._set(record, merged(sources for _, sources in columns))
        elif "PLpgSQL_var" in target and columns:
            self._set(target["PLpgSQL_var"]["refname"], columns[0][1])

    def _run(self, text: str) -> list[tuple[str, Sources]]:
        query = text if _QUERY.match(text) else f"select {text}"
        for statement in parsed(query):
            return self._reader.statement(statement, self._scope())
        return []

    def _condition(self, text: str) -> None:
        for statement in parsed(f"select {text}"):
            self._reader.condition(statement.targetList[0].val, self._scope())


def _first(columns: list[tuple[str, Sources]]) -> Sources:
    return columns[0][1] if columns else NOTHING


def _text(node: Mapping[str, Any]) -> str:
    return str(node.get("PLpgSQL_expr", {}).get("query", ""))


def _statements(tree: Any) -> Iterator[tuple[str, Any]]:
    """Every node of the tree by its kind, in the order of the text."""
    if isinstance(tree, list):
        for each in tree:
            yield from _statements(each)
    elif isinstance(tree, dict):
        for kind, node in tree.items():
            if isinstance(node, dict) and kind.startswith("PLpgSQL_"):
                yield kind, node
            yield from _statements(node)
