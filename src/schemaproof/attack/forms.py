"""The statements of an attack on one table: each command in the forms in which policies treat it differently.

A statement that reads a column (in a WHERE or in what it RETURNs) and ON CONFLICT with a target apply the SELECT policy
too (manual, CREATE POLICY, table of policies applied by command) and hide a hole in the write policy: the bare form is
always among them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.statements import literals, matching, names, piece, reading, setting, text
from schemaproof.attack.worlds import Held
from schemaproof.surface import Column, Relation

__all__ = ["Form", "Prey", "forms", "probes"]

_COLUMNS_TRIED = 5
_LOCKS = ("update", "no key update", "share", "key share")
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
    yield Form("select", reading(prey.relation, role), answers=True, whole=True)
    yield from _inserts(prey, role, few=True)
    yield from _updates(prey, role, few=True)
    yield from _deletes(prey, role, few=True)


def forms(prey: Prey, role: str) -> Iterator[Form]:
    """Yield every form for a role."""
    yield Form("select", reading(prey.relation, role), answers=True, whole=True)
    yield from _reads(prey, role)
    yield from _inserts(prey, role)
    yield from _updates(prey, role)
    yield from _deletes(prey, role)
    yield from _merges(prey, role)


def _reads(prey: Prey, role: str) -> Iterator[Form]:
    table, where = prey.relation.identifier, _key(prey)
    if not prey.relation.lets(role, "select"):
        return
    one = sql.Identifier(prey.relation.allowed(role, "select")[0].name)
    read = text("select {} from {} where {}", one, table, where)
    for statement in (
        text("select 1 from {} where {}", table, where),
        text("select 1 where exists (select from {} where {})", table, where),
        f"copy ({read}) to stdout",
        f"declare c cursor for {read}; fetch all from c",
        *(f"{read} for {lock}" for lock in _LOCKS if prey.relation.lets(role, "update")),
    ):
        yield Form("select", statement, answers=True)


def _inserts(prey: Prey, role: str, *, few: bool = False) -> Iterator[Form]:
    columns = [column.name for column in prey.relation.allowed(role, "insert")]
    if not columns:
        return
    foreign = set(prey.ties) <= set(columns)
    head = piece("insert into {} ({})", prey.relation.identifier, names(columns))
    plain = piece("{} values ({})", head, literals(columns, prey.row.values))
    yield Form("insert", plain.as_string(None), targeted=foreign, without=True)
    if few or not prey.relation.lets(role, "insert"):
        return
    for statement in (
        text("{} returning {}", plain, _read(prey, role)),
        text("{} select {}", head, literals(columns, prey.row.values)),
        text("{} on conflict do nothing", plain),
        *_on_conflict(prey, columns, plain),
    ):
        yield Form("insert", statement, targeted=foreign, without=True)
    if (upsert := _taking_over(prey, columns, head)) is not None:
        yield Form("insert", upsert, targeted=foreign)
    copy = text("copy {} ({}) from stdin", prey.relation.identifier, names(columns))
    line = "\t".join(_copied(prey.row.values[name]) for name in columns)
    yield Form("insert", copy, targeted=foreign, without=True, data=f"{line}\n")


def _on_conflict(prey: Prey, columns: Sequence[str], plain: sql.Composed) -> Iterator[str]:
    if prey.relation.key:
        conflict = piece("{} on conflict ({})", plain, names(prey.relation.key))
        changed = sql.Identifier(columns[-1])
        yield text("{} do nothing", conflict)
        yield text("{} do update set {} = excluded.{}", conflict, changed, changed)


def _taking_over(prey: Prey, columns: Sequence[str], head: sql.Composed) -> str | None:
    """An upsert of an own row with the key of the victim's, which it then overwrites."""
    key = set(prey.relation.key)
    if prey.own is None or not key or not key <= set(columns) or key & set(prey.ties):
        return None  # without the victim's key the row is one of the attacker's own
    mixed = dict(prey.row.values) | {tie: prey.own.values[tie] for tie in prey.ties}
    sets = sql.SQL(", ").join(piece("{} = excluded.{}", *[sql.Identifier(name)] * 2) for name in columns)
    conflict = names(prey.relation.key)
    return text("{} values ({}) on conflict ({}) do update set {}", head, literals(columns, mixed), conflict, sets)


def _updates(prey: Prey, role: str, *, few: bool = False) -> Iterator[Form]:
    columns = _by_promise(prey.relation, prey.relation.allowed(role, "update"))
    if not columns:
        return
    table, where, values = prey.relation.identifier, _key(prey), prey.row.values
    for column in columns[: 2 if few else _COLUMNS_TRIED]:
        bare = text("update {} set {}", table, setting([column.name], values))
        yield Form("update", bare, targeted=False, gives=column.name in prey.ties)
    first, read = setting([columns[0].name], values), _read(prey, role)
    yield Form("update", text("update {} set {} where {}", table, first, where))
    if not prey.relation.lets(role, "update"):
        return
    if not few:
        yield Form("update", text("update {} set {} where {} returning {}", table, first, where, read))
        yield Form("update", text("update {} set {} from (select 1) as one where {}", table, first, where))
    yield from _moves(prey, columns)


def _moves(prey: Prey, columns: Sequence[Column]) -> Iterator[Form]:
    """The attacker's row goes to the victim, and the victim's to the attacker or to nobody."""
    ties = [column for tie in prey.ties for column in columns if column.name == tie]
    if prey.own is None or len(ties) < len(prey.ties) or not ties or set(prey.ties) == set(prey.relation.key):
        return  # a row whose key says whose it is is the tenant itself, and does not move
    table, where = prey.relation.identifier, _key(prey)
    give, take = (setting(prey.ties, row.values) for row in (prey.row, prey.own))
    own = _key(Prey(prey.relation, prey.own, None, prey.ties))
    yield Form("update", text("update {} set {} where {}", table, give, own), gives=True)
    yield Form("update", text("update {} set {}", table, give), targeted=False, gives=True)
    yield Form("update", text("update {} set {} where {}", table, take, where))
    if nullable := [column.name for column in ties if not column.not_null]:
        none = setting(nullable, dict.fromkeys(nullable))
        yield Form("update", text("update {} set {} where {}", table, none, where))


def _deletes(prey: Prey, role: str, *, few: bool = False) -> Iterator[Form]:
    table, where = prey.relation.identifier, _key(prey)
    yield Form("delete", text("delete from {}", table), targeted=False)
    yield Form("delete", text("delete from {} where {}", table, where))
    if not few:
        yield Form("delete", text("delete from {} where {} returning {}", table, where, _read(prey, role)))
        yield Form("delete", text("delete from {} using (select 1) as one where {}", table, where))


def _merges(prey: Prey, role: str) -> Iterator[Form]:
    columns = _by_promise(prey.relation, prey.relation.allowed(role, "update"))
    if not columns or not prey.relation.lets(role, "update"):
        return
    head = piece("merge into {} using (select 1) as one on {}", prey.relation.identifier, _key(prey))
    first = setting([columns[0].name], prey.row.values)
    yield Form("merge", text("{} when matched then update set {}", head, first))
    if prey.relation.lets(role, "delete"):
        yield Form("merge", text("{} when matched then delete", head))


def _read(prey: Prey, role: str) -> sql.Composable:
    """What RETURNING names: a column, without which the SELECT policy is not asked; of a role that reads none, 1."""
    readable = prey.relation.allowed(role, "select") if prey.relation.lets(role, "select") else ()
    return sql.Identifier(readable[0].name) if readable else sql.Literal(1)


def _by_promise(relation: Relation, columns: Sequence[Column]) -> list[Column]:
    """Columns whose change meets the fewest constraints come first."""
    keyed = {name for key in relation.keys for name in key.columns}
    referring = {here for key in relation.foreign_keys for here, _ in key.columns}
    return sorted(columns, key=lambda column: (column.name in keyed, column.name in referring))


def _key(prey: Prey) -> sql.Composed:
    """The condition that is true for the row; without a key, of all columns that know equality and are not NULL."""
    relation, values = prey.relation, prey.row.values
    comparable = [c.name for c in relation.columns if not c.type.startswith(_NO_EQUALITY) and values[c.name]]
    return matching(relation.key or comparable, values)


def _copied(value: str | None) -> str:
    if value is None:
        return "\\N"
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
