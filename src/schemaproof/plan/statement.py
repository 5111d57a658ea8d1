"""A statement with named parameters (`:tenant`), as a prepared statement takes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from psycopg import sql

__all__ = ["Statement"]

# What is passed over: strings, quoted names, dollar-quoted bodies, comments, casts and array slices.
_TOKEN = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | --[^\n]* | /\*.*?\*/ | ::
    | (?<![\w\]]):(?P<name>[a-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Statement:
    """One statement; `text` names its parameters as `:name`."""

    text: str

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names in the order of their first appearance."""
        return tuple(dict.fromkeys(found["name"] for found in _TOKEN.finditer(self.text) if found["name"]))

    @cached_property
    def numbered(self) -> str:
        """The text with `$1`, `$2`, … in the places of the names."""
        numbers = {name: str(number) for number, name in enumerate(self.parameters, 1)}
        return _TOKEN.sub(lambda found: f"${numbers[found['name']]}" if found["name"] else found[0], self.text)

    def written_out(self, values: Mapping[str, str | None]) -> str:
        """The text with literals in the places of the names; each gets its type from where it stands."""

        def literal(found: re.Match[str]) -> str:
            return sql.Literal(values[found["name"]]).as_string() if found["name"] else found[0]

        return _TOKEN.sub(literal, self.text)
