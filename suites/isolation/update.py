"""The bare UPDATE of a table: it reads no column, so that no SELECT policy stands in for the UPDATE policy."""

from psycopg import sql

from suites.dictionary.declared import table, tables

__all__ = ["UPDATABLE", "bare_update"]

_VALUES = {"metadata": "{}", "name": "changed", "label": "changed", "default_channel_id": "C0CHANGED"}

UPDATABLE = [name for name in tables() if table(name).granted("authenticated", "update")]


def bare_update(name: str) -> sql.Composed:
    """Return the UPDATE, by a member, of every row of `name` to values that any row may have."""
    columns = sorted(table(name).granted("authenticated", "update") & set(_VALUES))
    return sql.SQL("update {} set {}").format(
        sql.Identifier(*name.split(".")),
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(_VALUES[column])) for column in columns
        ),
    )
