"""How generated Python looks: names, literals, calls and docstrings, laid out as the formatter would."""

import re
import textwrap
from collections.abc import Iterable

from schema.python.generate.catalogue import Relation

__all__ = [
    "HEADER",
    "call",
    "camel",
    "class_name",
    "docstring",
    "literal",
    "python_type",
    "set_name",
    "singular",
    "sql_type",
    "string",
]

HEADER = "# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.\n"
_WIDTH = 120

_TYPES = {
    "bigint": ("int", "BigInteger()"),
    "boolean": ("bool", "Boolean()"),
    "bytea": ("bytes", "LargeBinary()"),
    "date": ("date", "Date()"),
    "integer": ("int", "Integer()"),
    "interval": ("timedelta", "INTERVAL()"),
    "jsonb": ("dict[str, Any]", "JSONB(none_as_null=True)"),
    "smallint": ("int", "SmallInteger()"),
    "text": ("str", "Text()"),
    "text[]": ("list[str]", "ARRAY(Text())"),
    "timestamp with time zone": ("datetime", "DateTime(timezone=True)"),
    "uuid": ("UUID", "Uuid()"),
    # domains: the names that `models/domains.py` gives them
    "private.ciphertext": ("bytes", "CIPHERTEXT"),
    "private.keyed_hash": ("bytes", "KEYED_HASH"),
    "public.e164": ("str", "E164"),
}


def python_type(name: str) -> str:
    """Return the type in Python of a type of PostgreSQL's."""
    return _TYPES[name][0]


def sql_type(name: str) -> str:
    """Return SQLAlchemy's type for a type of PostgreSQL's, as an expression."""
    return _TYPES[name][1]


def singular(name: str) -> str:
    """Return what one row of a relation is called."""
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name.removesuffix("s")


def class_name(relation: Relation | str) -> str:
    """Return the name of a class: `SlackConnection` for `slack_connections`."""
    name = relation if isinstance(relation, str) else relation.name
    return camel(singular(name))


def set_name(relation: Relation | str, column: str) -> str:
    """Return the name of a column's closed set: `SlackConnectionStatus`."""
    return class_name(relation) + camel(column)


def camel(name: str) -> str:
    """Return a name's words with capitals."""
    return "".join(word.capitalize() for word in name.split("_"))


def literal(values: Iterable[str], *, named: str = "") -> str:
    """Return a closed set as a type, or the definition of its name."""
    head = f"{named} = Literal" if named else "Literal"
    return call(head, [f'"{value}"' for value in values], brackets="[]")


def call(head: str, arguments: Iterable[str], *, indent: int = 0, brackets: str = "()", tail: str = "") -> str:
    """Return `head(arguments)`, on one line where that and a comma fit after `indent` blanks, else an argument a line.

    Args:
        arguments: those of several lines are indented already, but for their first line.
    """
    arguments = list(arguments)
    line = f"{head}{brackets[0]}{', '.join(arguments)}{brackets[1]}{tail}"
    if "\n" not in line and len(line) + indent < _WIDTH:
        return line
    inner = "".join(f"{' ' * (indent + 4)}{argument},\n" for argument in arguments)
    return f"{head}{brackets[0]}\n{inner}{' ' * indent}{brackets[1]}{tail}"


def string(value: str, *, indent: int = 0, after: int = 0) -> str:
    """Return a string as source, cut into several where it is long.

    Args:
        indent: blanks in front of each line.
        after: characters in front of the first line beside these.
    """
    room = _WIDTH - indent - after - len('r"",')
    lines = [""]
    for word in re.findall(r"\S*\s*", value):
        if len(lines[-1]) + len(word) > room and lines[-1]:
            lines.append("")
        lines[-1] += word
    return f"\n{' ' * indent}".join(map(_quoted, lines))


def _quoted(value: str) -> str:
    if '"' in value:
        return repr(value)
    return f'r"{value}"' if "\\" in value else f'"{value}"'


def docstring(value: str, *, indent: int = 0) -> str:
    """Return a docstring with `indent` blanks in front."""
    value = value.replace("\\", "\\\\")
    if indent + len(value) + 6 <= _WIDTH:
        return " " * indent + f'"""{value}"""'
    lines = textwrap.wrap(value, _WIDTH - indent - 3)
    margin = f"\n{' ' * indent}"
    return " " * indent + f'"""{margin.join(lines)}{margin}"""'
