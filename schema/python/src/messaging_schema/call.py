"""Calls of the schema's functions: a statement, and how what it returns is read. Sessions carry them out."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from sqlalchemy import Executable, Result, TextClause, bindparam, select, text
from sqlalchemy.types import TypeEngine

from messaging_schema.base import Base

__all__ = ["Argument", "Call", "entities", "record", "records", "scalar"]

Returned = TypeVar("Returned")
Model = TypeVar("Model", bound=Base)


@dataclass(frozen=True)
class Argument:
    """An argument by name. Where it has a default in the schema, None leaves it to that."""

    name: str
    value: object
    type: TypeEngine[Any]
    has_default: bool = False

    @property
    def is_given(self) -> bool:
        """Tell whether it is a part of the call."""
        return not (self.has_default and self.value is None)


@dataclass(frozen=True)
class Call(Generic[Returned]):
    """What `Session.call` carries out, and gives what the function returns."""

    statement: Executable
    read: Callable[[Result[Any]], Returned]


def scalar(function: str, *arguments: Argument) -> Call[Any]:
    """Return a call of a function that returns one value."""
    return Call(_select("*", function, arguments), lambda result: result.scalar_one())


def record(kind: Callable[..., Returned], function: str, *arguments: Argument) -> Call[Returned]:
    """Return a call of a function that returns one row: `kind` is a dataclass whose fields are its columns."""
    return Call(_select(_columns(kind), function, arguments), lambda result: kind(*result.one()))


def records(kind: Callable[..., Returned], function: str, *arguments: Argument) -> Call[list[Returned]]:
    """Return a call of a function that returns a table of rows like `kind`."""
    return Call(_select(_columns(kind), function, arguments), lambda result: [kind(*row) for row in result])


def entities(model: type[Model], function: str, *arguments: Argument) -> Call[list[Model]]:
    """Return a call of a function that returns rows of a table or view."""
    statement = select(model).from_statement(_select("*", function, arguments))
    return Call(statement, lambda result: list(result.scalars()))


def _select(columns: str, function: str, arguments: tuple[Argument, ...]) -> TextClause:
    given = [argument for argument in arguments if argument.is_given]
    named = ", ".join(f"{argument.name} => :{argument.name}" for argument in given)
    statement = text(f"select {columns} from public.{function}({named})")  # noqa: S608  # names are the generator's
    return statement.bindparams(*(bindparam(each.name, each.value, each.type) for each in given))


def _columns(kind: Any) -> str:
    return ", ".join(field.name for field in fields(kind))
