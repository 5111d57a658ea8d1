"""Pieces of TypeScript: strings, SQL templates, lists, and lines that a person can read."""

import json
import textwrap
from collections.abc import Iterable

__all__ = ["HEADER", "call", "comment", "sql", "string", "union"]

HEADER = "// Generated from the migrated database: `python -m suites.typescript_access.renew`. Not edited by hand.\n"
_WIDTH = 120


def string(text: str) -> str:
    """Return a string literal."""
    return json.dumps(text, ensure_ascii=False)


def sql(text: str) -> str:
    """Return an SQL template whose cooked text is exactly `text`."""
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"sql`{escaped}`"


def union(values: Iterable[str]) -> str:
    """Return the type of a closed set."""
    return " | ".join(map(string, values))


def comment(text: str, *, indent: int = 0) -> str:
    """Return a documentation comment with its line break, or nothing for no text."""
    if not text:
        return ""
    space = " " * indent
    text = text.replace("*/", "* /")
    if len(space) + len(text) + 7 <= _WIDTH:
        return f"{space}/** {text} */\n"
    lines = textwrap.wrap(text, _WIDTH - indent - 3, break_long_words=False, break_on_hyphens=False)
    return f"{space}/**\n" + "".join(f"{space} * {line}\n" for line in lines) + f"{space} */\n"


def call(head: str, items: Iterable[str], *, brackets: str = "()", tail: str = "", indent: int = 0) -> str:
    """Return a call or list on one line, or with an item a line where that is too long."""
    items = list(items)
    pad = " " if brackets == "{}" else ""
    line = f"{head}{brackets[0]}{pad}{', '.join(items)}{pad}{brackets[1]}{tail}"
    if "\n" not in line and indent + len(line) <= _WIDTH:
        return line
    space = " " * (indent + 2)
    inner = "".join(f"{space}{item},\n" for item in items)
    return f"{head}{brackets[0]}\n{inner}{' ' * indent}{brackets[1]}{tail}"
