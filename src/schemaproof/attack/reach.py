"""What an attacker reaches past the tables: through views, functions and settings, judged by canaries and marks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.campaign import Campaign, Kind
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.trial import ties_of
from schemaproof.attack.wire import Answer
from schemaproof.attack.worlds import Held
from schemaproof.identity import acting_as
from schemaproof.surface import Column, Relation

__all__ = ["Reach", "standing_as", "views_attacked", "visible"]


@dataclass(frozen=True)
class Reach:
    """What one statement came to.

    Args:
        shown: values of the victim's that it showed, with the column of each.
        changed: tables in which it changed rows of the victim's.
    """

    attacker: Attacker
    statement: str
    answer: Answer
    shown: tuple[tuple[str, str], ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def harm(self) -> str:
        """What was reached, as part of a sentence; empty where nothing was."""
        if self.changed:
            return f"changes rows in {', '.join(self.changed)}"
        columns = sorted({place for _, place in self.shown})
        return f"shows {', '.join(columns[:3])}{' and more' if len(columns) > 3 else ''}" if columns else ""


def visible(campaign: Campaign, attacker: Attacker) -> Iterator[Held]:
    """Yield the rows of others that an attacker sees in the tables anyway."""
    for cell in campaign.of(Kind.MEMBER, Kind.STRANGER, Kind.ELEVATED):
        if cell.attacker.name == attacker.name and cell.command == "select":
            for outcome in cell.outcomes:
                yield from outcome.leaked


@contextmanager
def standing_as(arena: Arena, attacker: Attacker) -> Iterator[None]:
    """Put an attacker on and mark the point that each statement starts from."""
    with arena.trial():
        for statement in attacker.before:
            arena.connection.execute(statement.encode())
        with acting_as(arena.connection, attacker.identity):
            arena.wire.mark()
            yield
            arena.wire.forget()


def views_attacked(
    campaign: Campaign, attacker: Attacker, relations: Sequence[Relation], victim: str
) -> Iterator[tuple[Relation, Reach]]:
    """Read views, materialised views and foreign tables, and write through those that can be written."""
    arena = campaign.arena
    canaries = Canaries(arena, victim, known=visible(campaign, attacker))
    role = attacker.identity.role
    with standing_as(arena, attacker):
        for relation in relations:
            if (role, "select") in relation.privileges:
                names = sql.SQL(", ").join(sql.Identifier(c.name) for c in relation.allowed(role, "select"))
                statement = sql.SQL("select {} from {}").format(names, relation.identifier).as_string(None)
                answer = arena.wire.run(statement)
                yield relation, Reach(attacker, statement, answer, tuple(canaries.shown(answer.rows).items()))
                if not canaries.shown(answer.rows):
                    yield from ((relation, reach) for reach in _peeked(arena, attacker, relation, canaries))
            yield from ((relation, reach) for reach in _written(arena, attacker, relation, victim))


def _peeked(arena: Arena, attacker: Attacker, relation: Relation, canaries: Canaries) -> Iterator[Reach]:
    """A cheap function of the caller's in WHERE, which may be asked before the view's own condition.

    Indexes are off: a scan of the tenant's own rows would hide it (manual, Rules and Privileges).
    """
    if relation.kind != "v" or any(
        option.startswith("security_") for option in relation.options if not option.endswith(("off", "false"))
    ):
        return
    base = _base(arena, relation)
    texts = [
        c for c in relation.allowed(attacker.identity.role, "select") if c.type in ("text", "character varying", "uuid")
    ]
    shown = [c for c in texts if base is not None and canaries.of(f"{base.label}.{c.name}")]
    for column in shown[:2]:
        values = canaries.of(f"{base.label}.{column.name}") if base else []
        spy = (
            "create function pg_temp.spy(text) returns boolean language plpgsql cost 0.0000001 as $spy$ begin"
            f" if $1 = any ({sql.Literal(values).as_string(None)}) then raise exception 'seen: %', $1; end if;"
            " return true; end $spy$"
        )
        arena.wire.back()
        arena.wire.after(
            "set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_indexonlyscan = off"
        )
        if arena.wire.after(spy).sqlstate is not None:
            return
        query = sql.SQL("select 1 from {} where pg_temp.spy({}::text)").format(
            relation.identifier, sql.Identifier(column.name)
        )
        statement = query.as_string(None)
        answer = arena.wire.after(statement)
        if found := canaries.shown([(answer.message,)]):
            yield Reach(attacker, f"{spy};\n{statement}", answer, tuple(found.items()))


def _written(arena: Arena, attacker: Attacker, relation: Relation, victim: str) -> Iterator[Reach]:
    base = _base(arena, relation)
    role = attacker.identity.role
    if base is None or relation.kind != "v":
        return
    marks = Marks(arena, _mentioned(arena, relation) or [base], victim)
    arena.wire.back()
    before = marks.before
    twin = _twin(arena, attacker, base, victim)
    for statement in _writes(arena, relation, base, role, victim):
        if statement.startswith("insert"):
            yield _inserted(arena, attacker, base, marks, statement, victim)
            continue
        answer = arena.wire.run(statement)
        if twin and answer.sqlstate is None and answer.count and not marks.changed():
            arena.wire.back()
            arena.wire.after(twin)
            answer = arena.wire.after(statement)
        if answer.sqlstate is None and before is not None:
            yield Reach(attacker, statement, answer, changed=marks.changed())
        else:
            yield Reach(attacker, statement, answer)


def _inserted(arena: Arena, attacker: Attacker, base: Relation, marks: Marks, statement: str, victim: str) -> Reach:
    """Insert a row of the victim's that was taken away: a constraint would speak before the view's check option."""
    row = arena.held(base.label, victim)[-1]
    delete = sql.SQL("delete from {} where tableoid::text || ctid::text = {}").format(
        base.identifier, sql.Literal(row.place)
    )
    role = sql.Identifier(attacker.identity.role).as_string(None)
    arena.wire.back()
    arena.wire.after(
        f"set local role none; set local session_replication_role = replica; {delete.as_string(None)};"
        " set local session_replication_role = origin"
    )
    before = marks.now()
    arena.wire.after(f"set local role {role}")
    answer = arena.wire.after(statement)
    return Reach(attacker, statement, answer, changed=() if answer.sqlstate else marks.changed(since=before))


def _twin(arena: Arena, attacker: Attacker, base: Relation, victim: str) -> str:
    """A statement that gives the attacker's own row the victim's values where nothing forbids two rows to share them."""
    own, theirs = (arena.held(base.label, world) for world in (attacker.world or "", victim))
    fixed = set(ties_of(arena, base)) | set(base.key) | {name for fk in base.foreign_keys for name, _ in fk.columns}
    single = {key.columns[0] for key in base.keys if len(key.columns) == 1}
    names = [c.name for c in base.columns if c.writable and c.name not in fixed | single]
    if not own or not theirs or not names:
        return ""
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(n), sql.Literal(theirs[-1].values[n])) for n in names
    )
    update = sql.SQL("update {} set {} where tableoid::text || ctid::text = {}").format(
        base.identifier, sets, sql.Literal(own[0].place)
    )
    return (
        "set local role none; set local session_replication_role = replica; "
        f"{update.as_string(None)}; set local session_replication_role = origin; "
        f"set local role {sql.Identifier(attacker.identity.role).as_string(None)}"
    )


def _writes(arena: Arena, relation: Relation, base: Relation, role: str, victim: str) -> Iterator[str]:
    rows = arena.held(base.label, victim)
    if not rows:
        return
    row = rows[-1]
    shared = [c for c in relation.columns if c.name in row.values]
    columns = [c for c in shared if (role, "update") in c.may]
    if (role, "update") in relation.privileges and columns:
        plain = sorted(columns, key=lambda column: column.name in base.key)
        for column in plain[:3]:
            yield _sql("update {} set {} = {}", relation, column.name, row.values[column.name])
        ties = [c for c in columns if c.name in ties_of(arena, base)]
        for column in ties[:1]:
            yield _sql("update {} set {} = {}", relation, column.name, row.values[column.name])
        key = [c for c in shared if c.name in base.key]
        if key:
            head = _sql("update {} set {} = {}", relation, plain[0].name, row.values[plain[0].name])
            yield f"{head} where {_where(key, row.values)}"
    if (role, "delete") in relation.privileges:
        yield sql.SQL("delete from {}").format(relation.identifier).as_string(None)
        if shared:
            texts = [c for c in shared if c.name in base.key] or shared[:1]
            yield f"{sql.SQL('delete from {}').format(relation.identifier).as_string(None)} where {_where(texts, row.values)}"
    insertable = [c for c in shared if (role, "insert") in c.may]
    if (role, "insert") in relation.privileges and insertable:
        names = sql.SQL(", ").join(sql.Identifier(c.name) for c in insertable)
        values = sql.SQL(", ").join(sql.Literal(row.values[c.name]) for c in insertable)
        yield sql.SQL("insert into {} ({}) values ({})").format(relation.identifier, names, values).as_string(None)


def _sql(template: str, relation: Relation, column: str, value: str | None) -> str:
    statement = sql.SQL(template).format(relation.identifier, sql.Identifier(column), sql.Literal(value))
    return statement.as_string(None)


def _where(columns: Sequence[Column], values: Mapping[str, str | None]) -> str:
    parts = [sql.SQL("{}::text = {}").format(sql.Identifier(c.name), sql.Literal(values[c.name])) for c in columns]
    return sql.SQL(" and ").join(parts).as_string(None)


def _mentioned(arena: Arena, relation: Relation) -> list[Relation]:
    """The project's tables that a view's definition or its rules name."""
    text = relation.definition or ""
    return [table for table in arena.discovery.tables if _names(text, table)]


def _names(text: str, table: Relation) -> bool:
    return re.search(rf'(?<![\w"]){re.escape(table.label)}(?![\w"])', text) is not None


def _base(arena: Arena, relation: Relation) -> Relation | None:
    """The owned table with the most of the view's columns."""
    tables = _mentioned(arena, relation) or list(arena.discovery.tables)
    wanted = {column.name for column in relation.columns}
    owned = [table for table in tables if table.label in arena.discovery.owned]
    return max(owned, key=lambda table: len(wanted & {c.name for c in table.columns}), default=None)
