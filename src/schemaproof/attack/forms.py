"""The statements of an attack on one table: each command in the forms in which policies treat it differently.

A statement that reads a column, RETURNING and ON CONFLICT with a target apply the SELECT policy too (manual, CREATE
POLICY, table of policies applied by command) and hide a hole in the write policy: the bare form is always among them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.worlds import Held
from schemaproof.surface import Column, Relation

__all__ = ["Form", "Prey", "forms", "probes"]

_COLUMNS_TRIED = 5
_NO_EQUALITY = ("json", "xml", "point", "polygon", "box", "path", "line", "lseg", "circle", "jsonpath")


@dataclass(frozen=True)
class Form:
    """One statement.

    Args:
        command: `select`, `insert`, `update`, `delete` or `merge`.
        statement: the text, ready to paste.
        answers: what it reached is what it returns; else what a superuser sees to be changed.
        whole: it returns the whole table.
        targeted: nothing but the victim's rows can be touched or made by it, so that a constraint that stops it stops
            it after the policies let it pass.
        without: the victim's row is taken away first.
        data: what follows a COPY FROM STDIN.
        gives: it moves the attacker's own row to the victim.
    """

    command: str
    statement: str
    answers: bool = False
    whole: bool = False
    targeted: bool = True
    without: bool = False
    data: str | None = None
    gives: bool = False


@dataclass(frozen=True)
class Prey:
    """What is attacked in one table.

    Args:
        row: one row of the victim's.
        own: a row of the attacker's, if there is one.
        ties: the columns that say whose a row is.
    """

    relation: Relation
    row: Held
    own: Held | None
    ties: tuple[str, ...]


def probes(prey: Prey, role: str) -> Iterator[Form]:
    """Yield the fewest statements that show a hole for a role: for the many identities that should see nothing."""
    yield _select(prey.relation, role)
    yield from _inserts(prey, role, few=True)
    yield from _updates(prey, role, few=True)
    yield from _deletes(prey, few=True)


def forms(prey: Prey, role: str) -> Iterator[Form]:
    """Yield every form for a role."""
    yield _select(prey.relation, role)
    yield from _reads(prey, role)
    yield from _inserts(prey, role)
    yield from _updates(prey, role)
    yield from _deletes(prey)
    yield from _merges(prey, role)


def _select(relation: Relation, role: str) -> Form:
    statement = _text("select {} from {}", _names(relation.allowed(role, "select")), relation.identifier)
    return Form("select", statement, answers=True, whole=True)


def _reads(prey: Prey, role: str) -> Iterator[Form]:
    table, where = prey.relation.identifier, _key(prey)
    if (role, "select") not in prey.relation.privileges:
        return
    one = sql.Identifier(prey.relation.allowed(role, "select")[0].name)
    yield Form("select", _text("select 1 from {} where {}", table, where), answers=True)
    yield Form("select", _text("select 1 where exists (select from {} where {})", table, where), answers=True)
    yield Form("select", _text("copy (select {} from {} where {}) to stdout", one, table, where), answers=True)
    yield Form(
        "select",
        _text("declare c cursor for select {} from {} where {}; fetch all from c", one, table, where),
        answers=True,
    )
    if (role, "update") in prey.relation.privileges:
        for lock in ("update", "no key update", "share", "key share"):
            yield Form("select", _text("select {} from {} where {} for " + lock, one, table, where), answers=True)


def _inserts(prey: Prey, role: str, *, few: bool = False) -> Iterator[Form]:
    relation = prey.relation
    columns = relation.allowed(role, "insert")
    if not columns:
        return
    foreign = all(any(column.name == tie for column in columns) for tie in prey.ties)
    head = _sql("insert into {} ({})", relation.identifier, _names(columns))
    values = _values(columns, prey.row)
    plain = _sql("{} values ({})", head, values)

    def form(statement: sql.Composed, *, without: bool = True) -> Form:
        return Form("insert", statement.as_string(None), targeted=foreign, without=without)

    yield form(plain)
    if few or (role, "insert") not in relation.privileges:
        return
    yield form(_sql("{} returning 1", plain))
    yield form(_sql("{} select {}", head, values))
    yield form(_sql("{} on conflict do nothing", plain))
    if relation.key:
        target = _names_of(relation.key)
        changed = sql.Identifier(columns[-1].name)
        update = _sql("{} on conflict ({}) do update set {} = excluded.{}", plain, target, changed, changed)
        yield form(_sql("{} on conflict ({}) do nothing", plain, target))
        yield form(update)
        if prey.own is not None and not set(prey.ties) & set(relation.key):
            mixed = Held(relation.label, "", dict(prey.row.values) | {tie: prey.own.values[tie] for tie in prey.ties})
            sets = sql.SQL(", ").join(_sql("{} = excluded.{}", *[sql.Identifier(c.name)] * 2) for c in columns)
            values = _sql("{} values ({})", head, _values(columns, mixed))
            yield form(_sql("{} on conflict ({}) do update set {}", values, target, sets), without=False)
    line = "\t".join(_copied(prey.row.values[column.name]) for column in columns)
    copy = _text("copy {} ({}) from stdin", relation.identifier, _names(columns))
    yield Form("insert", copy, targeted=foreign, without=True, data=f"{line}\n")


def _updates(prey: Prey, role: str, *, few: bool = False) -> Iterator[Form]:
    relation = prey.relation
    columns = _by_promise(relation, relation.allowed(role, "update"))
    if not columns:
        return
    table, where = relation.identifier, _key(prey)
    for column in columns[: 2 if few else _COLUMNS_TRIED]:
        yield Form("update", _text("update {} set {}", table, _set(column, prey.row)), targeted=False)
    first = _set(columns[0], prey.row)
    yield Form("update", _text("update {} set {} where {}", table, first, where))
    if (role, "update") not in relation.privileges:
        return
    if not few:
        yield Form("update", _text("update {} set {} where {} returning 1", table, first, where))
        yield Form("update", _text("update {} set {} from (select 1) as one where {}", table, first, where))
    yield from _moves(prey, columns)


def _moves(prey: Prey, columns: Sequence[Column]) -> Iterator[Form]:
    """The attacker's row goes to the victim, and the victim's to the attacker or to nobody."""
    names = {column.name for column in columns}
    ties = [column for tie in prey.ties for column in columns if column.name == tie]
    if prey.own is None or not set(prey.ties) <= names or not ties or set(prey.ties) == set(prey.relation.key):
        return  # a row whose key says whose it is is the tenant itself, and does not move
    table = prey.relation.identifier
    give = sql.SQL(", ").join(_set(column, prey.row) for column in ties)
    own = Prey(prey.relation, prey.own, None, prey.ties)
    yield Form("update", _text("update {} set {} where {}", table, give, _key(own)), gives=True)
    yield Form("update", _text("update {} set {}", table, give), targeted=False, gives=True)
    take = sql.SQL(", ").join(_set(column, prey.own) for column in ties)
    yield Form("update", _text("update {} set {} where {}", table, take, _key(prey)))
    nullable = [column for column in ties if not column.not_null]
    if nullable:
        none = sql.SQL(", ").join(_sql("{} = null", sql.Identifier(column.name)) for column in nullable)
        yield Form("update", _text("update {} set {} where {}", table, none, _key(prey)))


def _deletes(prey: Prey, *, few: bool = False) -> Iterator[Form]:
    table, where = prey.relation.identifier, _key(prey)
    yield Form("delete", _text("delete from {}", table), targeted=False)
    yield Form("delete", _text("delete from {} where {}", table, where))
    if not few:
        yield Form("delete", _text("delete from {} where {} returning 1", table, where))
        yield Form("delete", _text("delete from {} using (select 1) as one where {}", table, where))


def _merges(prey: Prey, role: str) -> Iterator[Form]:
    relation = prey.relation
    columns = _by_promise(relation, relation.allowed(role, "update"))
    if not columns or (role, "update") not in relation.privileges:
        return
    head = _sql("merge into {} using (select 1) as one on {}", relation.identifier, _key(prey))
    yield Form("merge", _text("{} when matched then update set {}", head, _set(columns[0], prey.row)))
    if (role, "delete") in relation.privileges:
        yield Form("merge", _text("{} when matched then delete", head))


def _by_promise(relation: Relation, columns: Sequence[Column]) -> list[Column]:
    """Columns whose change meets the fewest constraints come first."""
    keyed = {name for key in relation.keys for name in key.columns}
    referring = {here for key in relation.foreign_keys for here, _ in key.columns}
    return sorted(columns, key=lambda column: (column.name in keyed, column.name in referring))


def _key(prey: Prey) -> sql.Composed:
    relation, values = prey.relation, prey.row.values
    names: Iterable[str] = relation.key or [
        column.name for column in relation.columns if not column.type.startswith(_NO_EQUALITY) and values[column.name]
    ]
    return sql.SQL(" and ").join(
        _sql("{} = {}", sql.Identifier(name), sql.Literal(values[name]))
        if values[name] is not None
        else _sql("{} is null", sql.Identifier(name))
        for name in names
    )


def _set(column: Column, row: Held) -> sql.Composed:
    return _sql("{} = {}", sql.Identifier(column.name), sql.Literal(row.values[column.name]))


def _values(columns: Iterable[Column], row: Held) -> sql.Composed:
    # Without a cast a literal takes the column's type, whose schema the role need not be able to use.
    return sql.SQL(", ").join(sql.Literal(row.values[column.name]) for column in columns)


def _names(columns: Iterable[Column]) -> sql.Composed:
    return _names_of(column.name for column in columns)


def _names_of(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _copied(value: str | None) -> str:
    if value is None:
        return "\\N"
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _sql(template: str, *parts: sql.Composable) -> sql.Composed:
    return sql.SQL(template).format(*parts)


def _text(template: str, *parts: sql.Composable) -> str:
    return _sql(template, *parts).as_string(None)
