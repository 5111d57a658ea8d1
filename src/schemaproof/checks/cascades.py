"""What ON DELETE and ON UPDATE declare happens: each is executed on rows, down to the last level."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from schemaproof.checks import Context, check
from schemaproof.checks._paste import paste
from schemaproof.findings import Finding, Level

__all__ = ["cascades"]

# `set_null`, `set_on_update`: columns that SET NULL empties and that are NOT NULL.
_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as child, format('%%I.%%I', o.nspname, p.relname) as parent,
           quote_ident(k.conname) as name, k.conname::text as plain_name, c.relname::text as child_name,
           k.confdeltype as on_delete, k.confupdtype as on_update, pg_catalog.pg_get_constraintdef(k.oid) as definition,
           array(
               select a.attname::text from unnest(k.conkey) with ordinality as u (attnum, place)
               join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum order by u.place
           ) as columns,
           array(
               select a.attname::text from unnest(k.confkey) with ordinality as u (attnum, place)
               join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.attnum order by u.place
           ) as parent_columns,
           array(
               select a.atttypid::regtype::text from unnest(k.confkey) with ordinality as u (attnum, place)
               join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.attnum order by u.place
           ) as types,
           array(
               select quote_ident(a.attname) from pg_catalog.pg_attribute as a
               where a.attrelid = k.conrelid and a.attnotnull
                   and a.attnum = any (coalesce(nullif(k.confdelsetcols, '{}'), k.conkey))
           ) as not_null,
           array(
               select quote_ident(a.attname) from pg_catalog.pg_attribute as a
               where a.attrelid = k.conrelid and a.attnotnull and a.attnum = any (k.conkey)
           ) as not_null_on_update
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_class as p on p.oid = k.confrelid
    join pg_catalog.pg_namespace as o on o.oid = p.relnamespace
    where k.contype = 'f' and k.conparentid = 0
    order by 1, 3
"""
_NOW = "set constraints all immediate"
# With all triggers on, whatever filled the tables.
_ORIGIN = "set local session_replication_role = origin"
_ACTIONS = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", "a": "NO ACTION", "r": "RESTRICT"}
_NOT_NULL, _CHECK, _FOREIGN_KEY = "23502", "23514", "23503"
# Another value for a key, to see what follows it.
_FRESH = {"uuid": "gen_random_uuid()", "text": "{0} || 'x'", "integer": "{0} + 1000000", "bigint": "{0} + 1000000"}


@check(level=Level.ERROR)
def cascades(context: Context) -> Iterator[Finding]:
    """A row is deleted, and what hung on it stays behind, or the deletion fails in the one case that nobody tried.

    Each action is executed on a row that others refer to, and undone. Afterwards no more rows of the tables below may
    refer to nothing than before: a trigger that returns NULL or puts a value back leaves such rows, without an error
    (manual, Foreign Keys). SET NULL on a column that is NOT NULL fails always. Where the tenancy is known, a tenant is
    deleted whole: what still holds its id is named.
    """
    keys = context.read(_QUERY)
    context.count("foreign keys", len(keys), "the project has no foreign key")
    trials = _Trials(context, keys)
    told: set[str] = set()  # what one trial meets, those of the levels above meet again
    for finding in (*(each for key in keys for each in trials.refused_by_definition(key)), *trials.executed()):
        if finding.key not in told:
            told.add(finding.key)
            yield finding
    yield from _tenant(context, keys)


@dataclass
class _Trials:
    context: Context
    keys: list[Any]
    below: dict[str, list[Any]] = field(init=False)
    before: dict[tuple[str, str], int] = field(default_factory=dict)  # rows that refer to nothing from the start
    judged: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.below = {}
        for key in self.keys:
            self.below.setdefault(key.parent, []).append(key)

    def refused_by_definition(self, key: Any) -> Iterator[Finding]:
        """SET NULL where NULL cannot be."""
        for verb, columns in _impossible(key).items():
            summary = f"ON {verb} SET NULL of {key.name} fails always: {', '.join(columns)} of {key.child} is NOT NULL"
            yield self._finding(key, verb, summary, Level.ERROR, self._pasted(key, verb))

    def executed(self) -> Iterator[Finding]:
        """Delete and change rows: each row once, for all the keys that refer to it; the lowest tables first."""
        for parent in sorted(self.below, key=lambda name: len(self._reached(name))):
            for (verb, statement), keys in self._statements(parent).items():
                yield from self._trial(parent, verb, statement, keys)

    def _statements(self, parent: str) -> dict[tuple[str, str], list[Any]]:
        """What to execute on a table's rows, and the foreign keys that each is about."""
        found: dict[tuple[str, str], list[Any]] = {}
        for key in self.below[parent]:
            for verb, statement in self._written(key).items():
                if verb not in _impossible(key):
                    found.setdefault((verb, statement), []).append(key)
        return found

    def _written(self, key: Any) -> dict[str, str]:
        """The statements that delete and change a row that others refer to by a key, by their verb."""
        with self.context.arena.connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(_referred(key)).fetchone()
        queries = {"DELETE": _deletion(key, row), "UPDATE": _change(key, row)} if row else {}
        return {verb: query.as_string(None) for verb, query in queries.items() if query is not None}

    def _trial(self, parent: str, verb: str, statement: str, keys: list[Any]) -> Iterator[Finding]:
        arena = self.context.arena
        with arena.trial(), arena.connection.cursor(row_factory=tuple_row) as cursor:
            looked_at = self._looked_at(parent, verb, keys)
            for each in looked_at:
                if _id(each) not in self.before:
                    self.before[_id(each)] = _number(cursor, _orphans(each))
            cursor.execute(_ORIGIN)
            try:
                with arena.connection.transaction():
                    reached = cursor.execute(statement).rowcount
                    cursor.execute(_NOW)
            except psycopg.Error as error:
                if cursor.connection.closed:
                    raise
                self.context.proved["actions"] += len(keys)
                for key in keys:
                    yield from self._refused(key, verb, statement, error)
                return
            self.context.proved["actions"] += len(keys) if reached else 0
            self.judged.update((*_id(key), verb) for key in keys)
            for each in looked_at:
                number = _number(cursor, _orphans(each)) - self.before[_id(each)]
                if number > 0:
                    yield self._left(each, verb, statement, number)

    def _looked_at(self, parent: str, verb: str, keys: list[Any]) -> list[Any]:
        """The keys of a trial, and those further down that no trial of their own has judged."""
        deeper = (each for each in self._reached(parent) if each.parent != parent)
        return [*keys, *(each for each in deeper if (*_id(each), verb) not in self.judged)]

    def _left(self, key: Any, verb: str, statement: str, number: int) -> Finding:
        summary = f"after ON {verb} {_action(key, verb)} rows of {key.child} refer to nothing: {number}"
        orphans = _orphans(key).as_string(None)
        return self._finding(key, verb, summary, Level.ERROR, paste(orphans, statement, orphans))

    def _refused(self, key: Any, verb: str, statement: str, error: psycopg.Error) -> Iterator[Finding]:
        """A refusal is a finding only where the action itself breaks a rule of the table that it acts on."""
        action = key.on_delete if verb == "DELETE" else key.on_update
        pasted = f"{paste(statement, _NOW)}\n-- {error.sqlstate}: {str(error).splitlines()[0]}"
        named = error.diag.constraint_name == key.plain_name
        summary = f"ON {verb} {_action(key, verb)} of {key.name} fails: {str(error).splitlines()[0]}"
        if error.sqlstate == _FOREIGN_KEY and action == "d" and named:
            yield self._finding(key, verb, summary, Level.ERROR, pasted)
        elif error.sqlstate == _CHECK and action in "nd" and error.diag.table_name == key.child_name:
            yield self._finding(key, verb, summary, Level.WARNING, pasted)

    def _pasted(self, key: Any, verb: str) -> str:
        """The statement that a key refuses by definition; empty where no row refers to another by it."""
        statement = self._written(key).get(verb)
        return paste(statement, _NOW) if statement else ""

    def _reached(self, parent: str) -> list[Any]:
        """The foreign keys below a table, over every level."""
        found: list[Any] = []
        waiting, seen = [parent], {parent}
        while waiting:
            for key in self.below.get(waiting.pop(), ()):
                found.append(key)
                if key.child not in seen:
                    seen.add(key.child)
                    waiting.append(key.child)
        return found

    def _finding(self, key: Any, verb: str, summary: str, level: Level, detail: str = "") -> Finding:
        return Finding(
            "cascades",
            f"{key.child}.{key.name}",
            summary,
            "Change the action, or what stands in its way: a trigger, a NOT NULL, a check.",
            level=level,
            detail=f"-- {key.definition}\n{detail}".strip(),
            location=self.context.locate("constraint", f"{key.child}.{key.name}"),
            key=f"cascades:{key.child}.{key.name}:{verb.lower()}",
        )


def _tenant(context: Context, keys: list[Any]) -> Iterator[Finding]:
    """Delete a tenant whole and name the tables that still hold its id."""
    arena = context.arena
    boundary = arena.discovery.boundary
    root = next((node for node in boundary.columns if _is_root(keys, node)), None) if boundary else None
    if boundary is None or root is None or not arena.worlds or not arena.worlds[0].keys.get(boundary.name):
        return
    tenant = arena.worlds[0].keys[boundary.name][0]
    owned = [node for node in boundary.columns if node.relation in arena.discovery.owned and node != root]
    with arena.trial(), arena.connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_ORIGIN)
        delete = sql.SQL("delete from {} where {}::text = {}")
        statement = delete.format(_relation(root.relation), sql.Identifier(root.column), sql.Literal(tenant))
        deletion = statement.as_string(None)
        try:
            with arena.connection.transaction():
                reached = cursor.execute(statement).rowcount
                cursor.execute(_NOW)
        except psycopg.Error as error:
            if cursor.connection.closed:
                raise
            summary = f"a tenant cannot be deleted: {str(error).splitlines()[0]}"
            yield _kept(context, root.relation, summary, Level.NOTE, paste(deletion, _NOW))
            return
        context.proved["tenants"] += bool(reached)
        for node in owned if reached else ():
            count = sql.SQL("select count(*) from {} where {}::text = {}").format(
                _relation(node.relation), sql.Identifier(node.column), sql.Literal(tenant)
            )
            if number := _number(cursor, count):
                what = f"rows of {node.relation} hold a deleted tenant's id in {node.column}: {number}"
                yield _kept(context, node.relation, what, Level.WARNING, paste(deletion, count.as_string(None)))


def _is_root(keys: list[Any], node: Any) -> bool:
    """Tell whether a column is what other tables' foreign keys to the tenants' own table refer to."""
    return any(key.parent == node.relation and key.parent_columns == [node.column] for key in keys) and not any(
        key.child == node.relation and key.columns == [node.column] for key in keys
    )


def _kept(context: Context, label: str, summary: str, level: Level, detail: str) -> Finding:
    return Finding(
        "cascades",
        label,
        summary,
        "Give it a foreign key to the tenant with ON DELETE CASCADE, or exclude it with the reason that it is kept.",
        level=level,
        detail=detail,
        location=context.locate("table", label),
        key=f"cascades:{label}:tenant",
    )


def _relation(label: str) -> sql.SQL:
    return sql.SQL(label)


def _id(key: Any) -> tuple[str, str]:
    return key.child, key.name


def _action(key: Any, verb: str) -> str:
    return _ACTIONS[key.on_delete if verb == "DELETE" else key.on_update]


def _impossible(key: Any) -> dict[str, list[str]]:
    """SET NULL where NULL cannot be: the columns by the verb that it answers."""
    declared = {"DELETE": (key.on_delete, key.not_null), "UPDATE": (key.on_update, key.not_null_on_update)}
    return {verb: columns for verb, (action, columns) in declared.items() if action == "n" and columns}


def _deletion(key: Any, row: tuple[Any, ...]) -> sql.Composed:
    return sql.SQL("delete from {} where {}").format(_relation(key.parent), _place(key, row))


def _change(key: Any, row: tuple[Any, ...]) -> sql.Composed | None:
    """Change a row's key, to see what follows it, only where something is declared to."""
    if key.on_update not in "cnd":
        return None
    changes = [
        sql.SQL("{0} = " + _FRESH[kind]).format(sql.Identifier(name))
        for name, kind in zip(key.parent_columns, key.types, strict=True)
        if kind in _FRESH and name not in key.columns
    ]
    query = sql.SQL("update {} set {} where {}")
    return query.format(_relation(key.parent), sql.SQL(", ").join(changes), _place(key, row)) if changes else None


def _place(key: Any, row: tuple[Any, ...]) -> sql.Composed:
    return sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in zip(key.parent_columns, row, strict=True)
    )


def _pairs(key: Any, child: str, parent: str) -> sql.Composed:
    return sql.SQL(" and ").join(
        sql.SQL("{}.{} = {}.{}").format(sql.SQL(child), sql.Identifier(here), sql.SQL(parent), sql.Identifier(there))
        for here, there in zip(key.columns, key.parent_columns, strict=True)
    )


def _referred(key: Any) -> sql.Composed:
    """Find the key of a row of the parent that a row other than itself refers to."""
    names = sql.SQL(", ").join(sql.SQL("p.{}::text").format(sql.Identifier(name)) for name in key.parent_columns)
    return sql.SQL(
        "select {} from {} as p where exists (select from {} as c where {}"
        " and (c.tableoid, c.ctid) <> (p.tableoid, p.ctid)) order by p.tableoid, p.ctid limit 1"
    ).format(names, _relation(key.parent), _relation(key.child), _pairs(key, "c", "p"))


def _orphans(key: Any) -> sql.Composed:
    filled = sql.SQL(" and ").join(sql.SQL("c.{} is not null").format(sql.Identifier(name)) for name in key.columns)
    return sql.SQL("select count(*) from {} as c where {} and not exists (select from {} as p where {})").format(
        _relation(key.child), filled, _relation(key.parent), _pairs(key, "c", "p")
    )


def _number(cursor: psycopg.Cursor[tuple[Any, ...]], query: sql.Composed) -> int:
    row = cursor.execute(query).fetchone()
    return int(row[0]) if row else 0
