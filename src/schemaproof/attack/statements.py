"""The pieces of SQL that attacks are made of: names and values in order, a row by its place, what nobody notices."""

from collections.abc import Iterable, Mapping, Sequence

from psycopg import sql

from schemaproof.surface import Relation

__all__ = [
    "PLACE",
    "aside",
    "at",
    "insertion",
    "literals",
    "matching",
    "names",
    "piece",
    "quoted",
    "reading",
    "removal",
    "setting",
    "text",
    "unnoticed",
    "update_at",
]

Values = Mapping[str, str | None]

# Where a row lies: as text, so that a role needs no operator for it.
PLACE = sql.SQL("tableoid::text || ctid::text")


def piece(template: str, *parts: sql.Composable) -> sql.Composed:
    """Put parts into a template."""
    return sql.SQL(template).format(*parts)


def text(template: str, *parts: sql.Composable) -> str:
    """Put parts into a template and return the statement."""
    return piece(template, *parts).as_string(None)


def quoted(name: str) -> str:
    """Return a role's name, or another single one, as it stands in a statement."""
    return sql.Identifier(name).as_string(None)


def names(columns: Iterable[str]) -> sql.Composed:
    """Return `a, b`."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def literals(columns: Iterable[str], values: Values) -> sql.Composed:
    """Return the values of columns: `'1', NULL`.

    Without a cast a literal takes the column's type, whose schema the role need not be able to use.
    """
    return sql.SQL(", ").join(sql.Literal(values[name]) for name in columns)


def setting(columns: Iterable[str], values: Values) -> sql.Composed:
    """Return `a = '1', b = NULL`."""
    return sql.SQL(", ").join(piece("{} = {}", sql.Identifier(name), sql.Literal(values[name])) for name in columns)


def matching(columns: Iterable[str], values: Values, *, as_text: bool = False) -> sql.Composed:
    """Return `a = '1' and b is null`; `as_text`: each column is compared as text, whatever its type."""
    equal = "{}::text = {}" if as_text else "{} = {}"
    return sql.SQL(" and ").join(
        piece(equal, sql.Identifier(name), sql.Literal(values[name]))
        if values[name] is not None
        else piece("{} is null", sql.Identifier(name))
        for name in columns
    )


def at(places: str | Sequence[str]) -> sql.Composed:
    """Return the condition that a row lies at a place, or at one of several."""
    return piece("{} = {}" if isinstance(places, str) else "{} = any ({})", PLACE, sql.Literal(places))


def reading(relation: Relation, role: str) -> str:
    """Return `select … from …` with the columns that a role may read."""
    columns = names(column.name for column in relation.allowed(role, "select"))
    return text("select {} from {}", columns, relation.identifier)


def insertion(relation: Relation, columns: Sequence[str], values: Values) -> str:
    """Return `insert into … (…) values (…)`."""
    return text("insert into {} ({}) values ({})", relation.identifier, names(columns), literals(columns, values))


def removal(relation: Relation, places: str | Sequence[str]) -> str:
    """Return the statement that takes rows away."""
    return text("delete from {} where {}", relation.identifier, at(places))


def update_at(relation: Relation, columns: Iterable[str], values: Values, places: str | Sequence[str]) -> str:
    """Return the statement that changes rows."""
    return text("update {} set {} where {}", relation.identifier, setting(columns, values), at(places))


def unnoticed(*statements: str) -> tuple[str, ...]:
    """Return statements of a superuser that triggers and foreign keys do not notice, ENABLE ALWAYS aside."""
    # SET LOCAL outlives a savepoint.
    return ("set local session_replication_role = replica", *statements, "set local session_replication_role = origin")


def aside(role: str, *statements: str) -> str:
    """Return what a superuser does unnoticed while standing as `role`."""
    return "; ".join(("set local role none", *unnoticed(*statements), f"set local role {quoted(role)}"))
