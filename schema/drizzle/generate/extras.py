"""What Drizzle declares of a table beside its columns, written anew from the catalogue.

drizzle-kit's own is past mending: it shuffles the columns of keys and indexes and their operator classes, takes INCLUDE
for keys, keeps the expressions of one policy a table, and leaves backslashes in SQL unescaped. What Drizzle has no word
for becomes a comment.
"""

from collections.abc import Iterator

from schema.drizzle.generate.catalogue import Row, Schema, camel
from schema.drizzle.generate.typescript import call, sql, string

__all__ = ["extras"]

_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}
_DESCENDING, _NULLS_FIRST = 1, 2


def extras(schema: Schema, table: str) -> list[str]:
    """Return the declarations, each with the comment that goes before it."""
    constraints = [_CONSTRAINTS[row["kind"]](row) for row in schema.constraints if row["relation"] == table]
    indexes = [_index(row) for row in schema.indexes if row["relation"] == table]
    policies = [_policy(row) for row in schema.policies if row["relation"] == table]
    return [*filter(None, constraints), *indexes, *policies]


def _columns(names: list[str], *, of: str = "table") -> list[str]:
    return [f"{of}.{camel(name)}" for name in names]


def _primary_key(row: Row) -> str:
    columns = ", ".join(_columns(row["columns"]))
    return f"primaryKey({{ columns: [{columns}], name: {string(row['name'])} }})"


def _unique(row: Row) -> str:
    tail = ".nullsNotDistinct()" if row["nulls_not_distinct"] else ""
    return call(f"unique({string(row['name'])}).on", _columns(row["columns"]), tail=tail, indent=2)


def _check(row: Row) -> str:
    return f"check({string(row['name'])}, {sql(row['condition'])})"


def _foreign_key(row: Row) -> str:
    lines = [
        f"columns: [{', '.join(_columns(row['columns']))}]",
        f"foreignColumns: [{', '.join(_columns(row['parent_columns'], of=camel(row['parent'])))}]",
        f"name: {string(row['name'])}",
    ]
    fields = "".join(f"    {line},\n" for line in lines)
    actions = f'.onUpdate("{_ACTIONS[row["on_update"]]}").onDelete("{_ACTIONS[row["on_delete"]]}")'
    unsaid = f"// Of these, on delete: {', '.join(row['set_columns'])}.\n  " if row["set_columns"] else ""
    return f"{unsaid}foreignKey({{\n{fields}  }}){actions}"


def _exclusion(row: Row) -> str:
    return f"// {row['name']}: {row['definition']}"


_CONSTRAINTS = {"p": _primary_key, "u": _unique, "f": _foreign_key, "c": _check, "x": _exclusion}


def _index(row: Row) -> str:
    head = f"{'uniqueIndex' if row['is_unique'] else 'index'}({string(row['name'])}).using"
    tail = f".where({sql(row['condition'])})" if row["condition"] else ""
    unsaid = [f"Includes {', '.join(row['included'])}."] if row["included"] else []
    unsaid += ["NULLs are not distinct."] if row["nulls_not_distinct"] else []
    before = f"// {' '.join(unsaid)}\n  " if unsaid else ""
    return before + call(head, [string(row["method"]), *map(_key, row["keys"])], tail=tail, indent=2)


def _key(key: Row) -> str:
    found = f"table.{camel(key['column'])}" if key["column"] else sql(key["expression"])
    order = "".join(_order(key["option"])) if key["column"] else ""
    return found + order + (f".op({string(key['class'])})" if key["class"] else "")


def _order(option: int) -> Iterator[str]:
    """Yield what differs from ascending with NULLs last, and from descending with NULLs first."""
    descending, nulls_first = bool(option & _DESCENDING), bool(option & _NULLS_FIRST)
    if descending:
        yield ".desc()"
    if descending or nulls_first:
        yield ".nullsFirst()" if nulls_first else ".nullsLast()"


def _policy(row: Row) -> str:
    options = [
        f"as: {string('permissive' if row['permissive'] else 'restrictive')}",
        f"for: {string(_COMMANDS[row['command']])}",
        f"to: [{', '.join(map(string, row['roles']))}]",
    ]
    options += [f"using: {sql(row['using'])}"] if row["using"] else []
    options += [f"withCheck: {sql(row['with_check'])}"] if row["with_check"] else []
    inner = "".join(f"    {option},\n" for option in options)
    return f"pgPolicy({string(row['name'])}, {{\n{inner}  }})"
