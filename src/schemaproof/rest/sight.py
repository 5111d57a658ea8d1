"""What a project shows to a visitor: what its root lists, then, table by table, which columns can be read."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemaproof.rest.client import Answer, Client, SpentError, UnclearError
from schemaproof.rest.expectation import Expectation

__all__ = ["Sight", "look"]

_CALL = "/rpc/"


@dataclass
class Sight:
    """What was seen.

    Args:
        closed: why the root lists nothing to visitors; empty where it does.
        listed: relations of its document, with their columns.
        functions: names of functions of its document.
        columns: what was answered for each column that was asked for, by relation.
        missing: relations that are not there, or not known to the project's API.
        unclear: relations with an answer that says neither yes nor no.
        unasked: relations for which no request was left.
    """

    closed: str = ""
    listed: dict[str, frozenset[str]] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    columns: dict[str, dict[str, Answer]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    unclear: dict[str, str] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)

    def readable(self, relation: str) -> frozenset[str]:
        """Return the columns of a relation that can be read."""
        answers = self.columns.get(relation, {})
        return frozenset(name for name, answer in answers.items() if answer is Answer.READ)


def look(client: Client, expectation: Expectation, tell: Callable[[str], None]) -> Sight:
    """Ask the root for its document, then for each relation of it and of the migrations; `tell` hears which.

    Functions are never called: one may write, whatever it is declared to do.

    Raises:
        RestError: no REST root answers, or it refuses the key.
    """
    sight = Sight()
    tell("the project's OpenAPI document")
    _read(sight, client.document())
    for name in sorted({*expectation.relations, *sight.listed}):
        tell(f"{expectation.schema}.{name}")
        try:
            _ask(client, sight, expectation, name)
        except SpentError:
            sight.unasked.append(name)
        except UnclearError as error:
            sight.unclear[name] = str(error)
    return sight


def _read(sight: Sight, document: dict[str, Any] | str) -> None:
    if isinstance(document, str):
        sight.closed = document
        return
    definitions = document["definitions"] if isinstance(document.get("definitions"), Mapping) else {}
    paths = [path for path in document["paths"] if path != "/"]
    sight.functions = frozenset(path.removeprefix(_CALL) for path in paths if path.startswith(_CALL))
    relations = [path.removeprefix("/") for path in paths if not path.startswith(_CALL)]
    sight.listed = {name: _columns(definitions.get(name)) for name in relations}


def _columns(definition: object) -> frozenset[str]:
    properties = definition.get("properties") if isinstance(definition, Mapping) else None
    return frozenset(properties) if isinstance(properties, Mapping) else frozenset()


def _ask(client: Client, sight: Sight, expectation: Expectation, name: str) -> None:
    """Ask for the columns that should be readable, then for the others: together, and where that fails one by one."""
    expected = expectation.relations.get(name)
    known = {*(expected.columns if expected else ()), *sight.listed.get(name, ())}
    open_ones = expected.readable if expected else frozenset(known)
    # One that the root's document does not list is refused as a whole: no role has a privilege on a column of it.
    singly = bool(sight.closed) or name in sight.listed
    answers = sight.columns.setdefault(name, {})
    for columns in (sorted(open_ones), sorted(known - open_ones)):
        if columns and name not in sight.missing:
            _ask_for(client, sight, name, columns, answers, singly=singly)


def _ask_for(
    client: Client, sight: Sight, name: str, columns: Collection[str], answers: dict[str, Answer], *, singly: bool
) -> None:
    together = client.select(name, list(columns))
    if together is Answer.NO_RELATION:
        sight.missing.add(name)
        return
    if together is Answer.READ or len(columns) == 1 or not singly:
        answers.update(_each(columns, together))
        return
    for column in columns:
        answers[column] = client.select(name, [column])


def _each(columns: Iterable[str], answer: Answer) -> dict[str, Answer]:
    return dict.fromkeys(columns, answer)
