"""Asking the server for plans: as an identity, with custom or generic plans, and of what functions run within."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from schemaproof.errors import ServerError
from schemaproof.identity import Identity, role_settings
from schemaproof.plan.plan import Plan
from schemaproof.plan.probe import CLAIMS, Nested, Probe, Question
from schemaproof.plan.settings import pin

__all__ = ["Explainer"]

_SOURCES = """
    select proname, coalesce(pg_get_function_sqlbody(oid), prosrc)
    from pg_proc where prokind = 'f' and pronamespace >= 2200 and prolang <> 12
"""
# A B-tree whose first column no condition is on is read from end to end (manual, Multicolumn Indexes).
_LEADING = """
    select c.relname, a.attname
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    join pg_am as m on m.oid = c.relam
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where m.amname = 'btree' and c.relnamespace::regnamespace::text = any (%s)
"""
_TRANSACTION = ("begin", "rollback")
_SAVEPOINT = (
    "savepoint schemaproof_asks",
    "rollback to savepoint schemaproof_asks; release savepoint schemaproof_asks",
)
# Of all prepared statements of the process: one outlives the transaction that made it.
_numbers = itertools.count(1)
_OPTIONS = "format json, verbose, settings"
_ANALYZE = f"{_OPTIONS}, analyze, buffers, wal, timing off, summary"
# With these auto_explain tells every statement that a function, trigger or foreign key runs, as it really ran.
_AUTO_EXPLAIN = {
    "log_min_duration": "0",
    "log_nested_statements": "on",
    "log_analyze": "on",
    "log_buffers": "on",
    "log_wal": "on",
    "log_timing": "off",
    "log_verbose": "on",
    "log_format": "json",
    "log_level": "notice",
}


@dataclass
class Explainer:
    """Asks for plans on a superuser's connection, in a transaction that the caller rolls back.

    Args:
        schemas: of what runs within functions, the statements that touch a table of these are told.
    """

    connection: psycopg.Connection
    schemas: tuple[str, ...] = ("public",)
    _prepared: dict[tuple[str, str], str] = field(default_factory=dict)
    _roles: dict[str, dict[str, str]] = field(default_factory=dict)
    _told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection.prepare_threshold = None  # psycopg would deallocate ours with its own after a rollback
        pin(self.connection)
        try:
            self.connection.execute("load 'auto_explain'")
        except psycopg.Error as error:
            raise ServerError(
                f"the server cannot load auto_explain: {error.diag.message_primary}",
                remedy="Install PostgreSQL's contrib modules, or let schemaproof start a server.",
            ) from error
        for name, value in _AUTO_EXPLAIN.items():
            start = "-1" if name == "log_min_duration" else value
            self.connection.execute("select set_config(%s, %s, false)", [f"auto_explain.{name}", start])
        self.connection.add_notice_handler(lambda notice: self._told.append(notice.message_primary or ""))

    def plan(self, question: Question) -> Probe:
        """Plan a statement without carrying it out."""
        return self._probe(question, self._ask(question, _OPTIONS))

    def run(self, question: Question, *, warm_up: bool = True) -> Probe:
        """Carry a statement out, undo it, and tell what it and everything within it did.

        Args:
            warm_up: run it once before: the first time, functions are compiled and the catalogue's pages are read.
        """
        for _ in range(warm_up + 1):
            self._told.clear()
            raw = self._ask(question, _ANALYZE)
        return self._probe(question, raw, tuple(self._nested(self._prepared[_key(question)])))

    def again(self, probe: Probe) -> Probe:
        """Ask once more: planned only, unless what it runs within is of interest too."""
        return self.run(probe.question, warm_up=False) if probe.nested else self.plan(probe.question)

    def forget_plans(self) -> None:
        """Have functions plan their statements anew, as they do not when an index was only marked invalid."""
        self.connection.execute("discard plans")

    def _ask(self, question: Question, options: str) -> Mapping[str, Any]:
        """Send all that a question needs as one message: many are asked, and a round trip is as dear as a plan."""
        inside = self.connection.info.transaction_status is TransactionStatus.INTRANS
        opening, closing = _SAVEPOINT if inside else _TRANSACTION
        identity = question.identity
        settings = self._role(identity) | identity.transaction | {"plan_cache_mode": f"force_{question.mode}_plan"}
        if options is _ANALYZE:
            settings = {"auto_explain.log_min_duration": "0"} | settings  # before the role may not set it any more
        script = [opening, *question.setup, _calls(settings), *self._preparation(question)]
        script += [self._explanation(question, options), closing]
        try:
            cursor = self.connection.execute("; ".join(script).encode())
        except psycopg.Error:
            self._prepared.pop(_key(question), None)
            self.connection.execute(closing.encode())
            raise
        while not (cursor.description and cursor.description[0].name == "QUERY PLAN"):
            cursor.nextset()
        row = cursor.fetchone()
        assert row is not None
        found: Mapping[str, Any] = row[0][0]
        return found

    @cached_property
    def _claims(self) -> re.Pattern[str]:
        """What reads the claims: the setting itself, and the functions that do, or that call one that does."""
        sources = self.connection.execute(_SOURCES).fetchall()
        readers: set[str] = set()
        pattern = CLAIMS
        while found := {name for name, source in sources if name not in readers and pattern.search(source)}:
            readers |= found
            pattern = re.compile(rf"{CLAIMS.pattern}|\b(?:{'|'.join(map(re.escape, sorted(readers)))})\(")
        return pattern

    @cached_property
    def _leading(self) -> Mapping[str, str]:
        return dict(self.connection.execute(_LEADING, [list(self.schemas)]).fetchall())

    def _probe(self, question: Question, raw: Mapping[str, Any], nested: tuple[Nested, ...] = ()) -> Probe:
        return Probe(question, Plan.of(raw), nested, self._claims, self._leading)

    def _role(self, identity: Identity) -> dict[str, str]:
        if identity.role not in self._roles:
            self._roles[identity.role] = role_settings(self.connection, identity.role)
        return self._roles[identity.role]

    def _preparation(self, question: Question) -> list[str]:
        """A prepared statement outlives the transaction that made it, and is planned anew for another role."""
        key = _key(question)
        if key in self._prepared:
            return []
        self._prepared[key] = f"schemaproof_{next(_numbers)}"
        return [f"prepare {self._prepared[key]} as {question.statement.numbered}"]

    def _explanation(self, question: Question, options: str) -> str:
        name, values = self._prepared[_key(question)], question.values
        given = ", ".join(sql.Literal(values[each]).as_string() for each in question.statement.parameters)
        return f"explain ({options}) execute {name}" + (f"({given})" if given else "")

    def _nested(self, name: str) -> Iterator[Nested]:
        """Yield what auto_explain told of, a text each, in the order of their first end.

        Args:
            name: of the prepared statement, whose own text is that of the message that prepared it.
        """
        found: dict[str, list[Plan]] = {}
        for message in self._told:
            _, mark, told = message.partition("plan:\n")
            if mark:
                raw = json.loads(told)
                text = str(raw.get("Query Text", ""))
                plan = Plan.of(raw)
                if f"prepare {name} as " not in text and self._is_ours(plan):
                    found.setdefault(text, []).append(plan)
        for text, plans in found.items():
            dearest = max(plans, key=lambda plan: plan.buffers)
            buffers, wal = sum(plan.buffers for plan in plans), sum(plan.wal for plan in plans)
            yield Nested(text, dearest, len(plans), buffers, wal, sum(plan.cost for plan in plans))

    def _is_ours(self, plan: Plan) -> bool:
        return any(node.facts.get("Schema") in self.schemas and node.table for node in plan.nodes)


def _key(question: Question) -> tuple[str, str]:
    return question.identity.role, question.statement.text


def _calls(settings: Mapping[str, str]) -> str:
    """The settings, for the transaction; the role last."""
    given = sorted(settings.items(), key=lambda each: each[0] == "role")
    calls = [sql.SQL("set_config({}, {}, true)").format(name, value) for name, value in given]
    return sql.SQL("select {}").format(sql.SQL(", ").join(calls)).as_string()
