"""What the generator reads: tables, views, domains and functions of the schema `public`, from the catalogue."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row

from schema.python.generate.known import ANSWERS, NEVER_NULL, VIEW_KEYS

__all__ = ["Column", "Constraint", "Domain", "Function", "Index", "Parameter", "Relation", "Schema", "read_schema"]

_COLUMNS = """
    select
        c.relname as relation, c.relkind as kind, obj_description(c.oid, 'pg_class') as relation_comment,
        a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
        pg_get_expr(d.adbin, d.adrelid) as default, a.attgenerated as generated, a.attidentity as identity,
        col_description(c.oid, a.attnum) as comment,
        has_column_privilege('authenticated', c.oid, a.attnum, 'select') as readable
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p', 'm', 'f')
    order by c.relname, a.attnum
"""

_CONSTRAINTS = """
    select
        c.relname as relation, o.conname as name, o.contype as kind, pg_get_expr(o.conbin, o.conrelid) as condition,
        {columns} as columns, o.confrelid::regclass::text as parent, {parent_columns} as parent_columns,
        o.confdeltype as on_delete, {set_columns} as set_columns, o.confupdtype as on_update,
        o.condeferrable or not o.convalidated or o.connoinherit and o.contype = 'c' or o.confmatchtype not in ('s', ' ')
            as is_unknown_form
    from pg_constraint as o
    join pg_class as c on c.oid = o.conrelid and c.relnamespace = 'public'::regnamespace
    where o.contype <> 'n'  -- from 18 on, what attnotnull says
    order by c.relname, o.contype, o.conname
"""

_NAMES = """
    array(
        select a.attname::text from unnest({keys}) with ordinality as k (number, place)
        join pg_attribute as a on a.attrelid = {relation} and a.attnum = k.number order by k.place
    )
"""

_INDEXES = """
    select
        c.relname as relation, n.relname as name, i.indisunique as unique, m.amname as method,
        pg_get_expr(i.indpred, i.indrelid) as condition,
        array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnkeyatts) as k) as columns,
        array(
            select case when p.opcdefault then '' else p.opcname::text end
            from unnest(i.indclass) with ordinality as o (class, place) join pg_opclass as p on p.oid = o.class
            order by o.place
        ) as classes,
        i.indnatts > i.indnkeyatts or i.indnullsnotdistinct or i.indexprs is not null or n.reloptions is not null
            or exists (select from unnest(i.indoption) as o where o <> 0) as is_unknown_form
    from pg_index as i
    join pg_class as c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
    join pg_class as n on n.oid = i.indexrelid
    join pg_am as m on m.oid = n.relam
    where not exists (select from pg_constraint as o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
    order by c.relname, n.relname
"""

_DOMAINS = """
    select
        t.typname as name, t.typnamespace::regnamespace::text as schema,
        format_type(t.typbasetype, t.typtypmod) as base,
        o.conname as constraint, pg_get_expr(o.conbin, 0) as condition, obj_description(t.oid, 'pg_type') as comment
    from pg_type as t
    join pg_constraint as o on o.contypid = t.oid
    where t.typtype = 'd' and t.typnamespace::regnamespace::text in ('public', 'private')
    order by t.typname
"""

_FUNCTIONS = """
    select
        p.proname as name, obj_description(p.oid, 'pg_proc') as comment, p.proretset as is_set,
        format_type(p.prorettype, null) as returns, r.relname as returned_relation,
        array(
            select jsonb_build_object(
                'name', p.proargnames[k.place], 'mode', coalesce(p.proargmodes[k.place], 'i'),
                'type', format_type(k.type, null), 'has_default',
                coalesce(p.proargmodes[k.place], 'i') = 'i' and k.place > p.pronargs - p.pronargdefaults
            )
            from unnest(coalesce(p.proallargtypes, p.proargtypes)) with ordinality as k (type, place) order by k.place
        ) as parameters
    from pg_proc as p
    left join pg_type as t on t.oid = p.prorettype and t.typtype = 'c'
    left join pg_class as r on r.oid = t.typrelid
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
        and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    order by p.proname
"""

_CLOSED_SET = re.compile(r"\((\w+) = ANY \(ARRAY\[(.*)\]\)\)")


@dataclass(frozen=True)
class Column:
    """A column; `values` is its closed set, if it has one; `readable`: by members."""

    name: str
    type: str
    nullable: bool
    default: str | None
    comment: str
    readable: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Constraint:
    """A constraint: kinds are those of pg_constraint.contype."""

    name: str
    kind: str
    columns: tuple[str, ...]
    condition: str | None = None
    parent: str = ""
    parent_columns: tuple[str, ...] = ()
    on_delete: str = ""
    on_update: str = ""


@dataclass(frozen=True)
class Index:
    """An index that is no constraint's; `classes` are the operator classes that are not the default, else ''."""

    name: str
    unique: bool
    method: str
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    condition: str | None


@dataclass
class Relation:
    """A table or view; `key` tells its rows apart, `row_id` is the column by which they are deleted singly."""

    name: str
    is_view: bool
    comment: str
    columns: dict[str, Column] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    key: tuple[str, ...] = ()
    row_id: str | None = None


@dataclass(frozen=True)
class Domain:
    """A domain with its check."""

    name: str
    schema: str
    base: str
    constraint: str
    condition: str
    comment: str


@dataclass(frozen=True)
class Parameter:
    """An argument or a column of what a function returns."""

    name: str
    type: str
    has_default: bool = False


@dataclass(frozen=True)
class Function:
    """A function: it returns rows of `relation`, or rows of `outputs`, or a value of the type `returns`."""

    name: str
    comment: str
    arguments: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]
    returns: str
    relation: str | None
    is_set: bool


@dataclass(frozen=True)
class Schema:
    """All that is generated from."""

    relations: dict[str, Relation]
    domains: tuple[Domain, ...]
    functions: tuple[Function, ...]


def read_schema(connection: psycopg.Connection[Any]) -> Schema:
    """Read the schema of a migrated database; names come out qualified, whatever the search path."""
    with connection.transaction(force_rollback=True):
        connection.execute("set local search_path = ''")
        relations = _relations(connection)
        for row in _rows(connection, "select table_name, id_column from private.deletable_tables()"):
            relations[row["table_name"]].row_id = row["id_column"]
        domains = tuple(Domain(**row) for row in _rows(connection, _DOMAINS))
        return Schema(relations, domains, tuple(_function(row) for row in _rows(connection, _FUNCTIONS)))


def _rows(connection: psycopg.Connection[Any], query: str) -> list[dict[str, Any]]:
    return connection.cursor(row_factory=dict_row).execute(query.encode()).fetchall()


def _relations(connection: psycopg.Connection[Any]) -> dict[str, Relation]:
    relations: dict[str, Relation] = {}
    for row in _rows(connection, _COLUMNS):
        _refuse(row["kind"] not in ("r", "v") or row["generated"] or row["identity"], row)
        relation = Relation(row["relation"], row["kind"] == "v", row["relation_comment"] or "")
        taken = {name: row[name] for name in ("name", "type", "nullable", "default", "readable")}
        found = relations.setdefault(relation.name, relation)
        found.columns[row["name"]] = Column(**taken, comment=row["comment"] or "")
    for row in _rows(connection, _constraints_query()):
        _refuse(row["is_unknown_form"] or row["kind"] not in "pucf", row)
        _constrain(relations[row["relation"]], row)
    for row in _rows(connection, _INDEXES):
        _refuse(row["is_unknown_form"], row)
        _index(relations[row["relation"]], row)
    for view in [relation for relation in relations.values() if relation.is_view]:
        _trace(connection, view, relations)
    return relations


def _refuse(is_unknown: Any, row: dict[str, Any]) -> None:
    if is_unknown:
        raise NotImplementedError(f"The generator does not know this form yet, teach it: {row}")


def _constraints_query() -> str:
    return _CONSTRAINTS.format(
        columns=_NAMES.format(keys="o.conkey", relation="o.conrelid"),
        parent_columns=_NAMES.format(keys="o.confkey", relation="o.confrelid"),
        set_columns=_NAMES.format(keys="o.confdelsetcols", relation="o.conrelid"),
    )


_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", " ": ""}


def _constrain(relation: Relation, row: dict[str, Any]) -> None:
    set_columns = f" ({', '.join(row['set_columns'])})" if row["set_columns"] else ""
    found = Constraint(
        row["name"],
        row["kind"],
        tuple(row["columns"]),
        row["condition"],
        row["parent"],
        tuple(row["parent_columns"]),
        _ACTIONS[row["on_delete"]] + set_columns,
        _ACTIONS[row["on_update"]],
    )
    relation.constraints.append(found)
    if found.kind == "p":
        relation.key = found.columns
    if closed := _CLOSED_SET.fullmatch(found.condition or ""):
        _enrich(relation, closed[1], values=tuple(re.findall("'([^']*)'::text", closed[2])))


def _index(relation: Relation, row: dict[str, Any]) -> None:
    columns, classes = tuple(row["columns"]), tuple(row["classes"][: len(row["columns"])])
    relation.indexes.append(Index(row["name"], row["unique"], row["method"], columns, classes, row["condition"]))


def _enrich(relation: Relation, name: str, **over: Any) -> None:
    column = relation.columns[name]
    relation.columns[name] = Column(**(vars(column) | over))


def _trace(connection: psycopg.Connection[Any], view: Relation, relations: dict[str, Relation]) -> None:
    """Give the columns of a view what the catalogue does not keep: whether they may be NULL, and their closed sets."""
    tables = dict(_origins(connection, view.name))
    for name in view.columns:
        table, _, origin = tables.get(name, "").partition(".")
        source = relations[table].columns[origin] if table in relations else None
        never_null = name in NEVER_NULL.get(view.name, ()) or (source is not None and not source.nullable)
        values = ANSWERS.get((view.name, name), source.values if source else ())
        _enrich(view, name, nullable=not never_null, values=values)
    owner = next((table.partition(".")[0] for table in tables.values()), "")
    view.key = VIEW_KEYS[view.name] if view.name in VIEW_KEYS else relations[owner].key


def _origins(connection: psycopg.Connection[Any], view: str) -> Iterator[tuple[str, str]]:
    """Yield the columns of a view that are columns of a table, with that table and column, as libpq tells them."""
    definition = connection.execute(
        "select pg_get_viewdef(format('public.%%I', %s::text)::regclass)", [view]
    ).fetchone()
    assert definition is not None
    query = definition[0].removesuffix(";")
    cursor = connection.execute(f"select * from ({query}) as view limit 0".encode())  # noqa: S608  # the view's own
    result = cursor.pgresult
    assert result is not None
    names = "select c.relname || '.' || a.attname from pg_class as c join pg_attribute as a on a.attrelid = c.oid"
    for number in range(result.nfields):
        place = [result.ftable(number), result.ftablecol(number)]
        found = connection.execute(f"{names} where c.oid = %s and a.attnum = %s".encode(), place).fetchone()
        if found:
            yield (result.fname(number) or b"").decode(), found[0]


def _function(row: dict[str, Any]) -> Function:
    parameters = [(each.pop("mode"), Parameter(**each)) for each in row["parameters"]]
    return Function(
        row["name"],
        row["comment"] or "",
        tuple(found for mode, found in parameters if mode == "i"),
        tuple(found for mode, found in parameters if mode in "ot"),
        row["returns"],
        row["returned_relation"],
        row["is_set"],
    )
