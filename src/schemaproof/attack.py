"""One statement at a time against one tenant's rows, judged by what it reached and not by what it answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import psycopg
from psycopg import sql

from schemaproof.identity import Identity, acting_as
from schemaproof.relations import Column, Relation

__all__ = ["Attack", "Command", "Outcome", "Victim", "attacks", "attempt"]

# An UPDATE of the first column may be refused by a CHECK on several columns: as many others are tried.
_COLUMNS_TRIED = 5


class Command(StrEnum):
    """What row-level security governs."""

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True)
class Victim:
    """A tenant's rows in one table: `count` of them, and one, at `place`, as PostgreSQL writes its values."""

    relation: Relation
    column: str
    tenant: str
    count: int
    place: str
    row: dict[str, str | None]

    @property
    def condition(self) -> sql.Composed:
        """The WHERE clause that picks these rows."""
        return sql.SQL("{} = {}").format(sql.Identifier(self.column), sql.Literal(self.tenant))

    @classmethod
    def find(cls, connection: psycopg.Connection, relation: Relation, column: str, tenant: str) -> "Victim | None":
        """Return the tenant's rows in `relation` as a superuser sees them; None where it has none."""
        names = [sql.Identifier(found.name) for found in relation.columns]
        query = sql.SQL("select count(*) over (), ctid::text, {} from {} where {}::text = {} limit 1").format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(name) for name in names),
            relation.identifier,
            sql.Identifier(column),
            sql.Literal(tenant),
        )
        found = connection.execute(query).fetchone()
        if found is None:
            return None
        row = dict(zip((c.name for c in relation.columns), found[2:], strict=True))
        return cls(relation, column, tenant, found[0], found[1], row)


@dataclass(frozen=True)
class Attack:
    """One statement on a victim's rows.

    Args:
        foreign: the statement can touch the victim's rows only: a constraint that stops it (class 23) stops it after
            the policies let it pass.
    """

    command: Command
    statement: sql.Composable
    foreign: bool


@dataclass(frozen=True)
class Outcome:
    """What a statement reached.

    Args:
        reached: how many of the victim's rows it saw, made, changed or took away.
        sqlstate: of the error that ended it, if one did.
        statement: the text, ready to paste.
        message: what the server said to it.
    """

    reached: int
    sqlstate: str | None
    statement: str
    message: str = ""

    @property
    def denied_by_privilege(self) -> bool:
        """Tell whether a missing privilege (or a policy's WITH CHECK) refused it: 42501."""
        return self.sqlstate == "42501"

    def __str__(self) -> str:
        return self.sqlstate or f"{self.reached} rows"


def attacks(victim: Victim, command: Command, role: str) -> Iterator[Attack]:
    """Yield the forms of `command` on the victim's rows that `role` has the best chance with.

    An UPDATE or DELETE that reads a column applies the SELECT policy too (manual, CREATE POLICY, table of policies
    applied by command) and would hide a hole in its own policy: the bare form is yielded as well.
    """
    table, where = victim.relation.identifier, victim.condition
    match command:
        case Command.SELECT:
            yield Attack(command, sql.SQL("select count(*) from {} where {}").format(table, where), True)
        case Command.INSERT:
            yield _insert(victim, role)
        case Command.UPDATE:
            for column in (victim.relation.updatable(role) or victim.relation.columns)[:_COLUMNS_TRIED]:
                update = sql.SQL("update {} set {}").format(table, _assignment(victim, column))
                yield Attack(command, sql.SQL("{} where {}").format(update, where), True)
                if column.free:
                    yield Attack(command, update, False)
        case Command.DELETE:
            delete = sql.SQL("delete from {}").format(table)
            yield Attack(command, sql.SQL("{} where {}").format(delete, where), True)
            yield Attack(command, delete, False)


def attempt(connection: psycopg.Connection, identity: Identity, victim: Victim, attack: Attack) -> Outcome:
    """Run the attack as `identity` in a savepoint that is rolled back, and count what it reached of the victim's rows.

    `connection` is a superuser's, inside a transaction. An error of class 23 after a write that can only be foreign
    means that the policies let it pass and a constraint stopped it: that counts as one row reached.
    """
    text = attack.statement.as_string(connection)
    with connection.transaction(force_rollback=True):
        if attack.command is Command.INSERT:
            _take_away(connection, victim)
        before = _marks(connection, victim)
        answer = _run(connection, identity, text)
        if isinstance(answer, psycopg.Error):
            let_in = attack.foreign and (answer.sqlstate or "").startswith("23")
            return Outcome(int(let_in), answer.sqlstate, text, str(answer))
        reached = answer if attack.command is Command.SELECT else len(_marks(connection, victim) ^ before)
        return Outcome(reached, None, text)


def _insert(victim: Victim, role: str) -> Attack:
    """An INSERT of the victim's own row, which `_take_away` has removed: every constraint is met by it.

    A role that may not write the tenant's column leaves it to its default, and the row lands where the default says.
    """
    columns = victim.relation.insertable(role) or tuple(c for c in victim.relation.columns if c.writable)
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    values = sql.SQL(", ").join(_literal(victim, column) for column in columns)
    statement = sql.SQL("insert into {} ({}) values ({})").format(victim.relation.identifier, names, values)
    return Attack(Command.INSERT, statement, any(column.name == victim.column for column in columns))


def _assignment(victim: Victim, column: Column) -> sql.Composed:
    return sql.SQL("{} = {}").format(sql.Identifier(column.name), _literal(victim, column))


def _literal(victim: Victim, column: Column) -> sql.Composable:
    """The value that the victim's row has in `column`, as a literal that needs no SELECT privilege."""
    return sql.SQL("{}::{}").format(sql.Literal(victim.row[column.name]), sql.SQL(column.type))


def _take_away(connection: psycopg.Connection, victim: Victim) -> None:
    """Delete the row to be inserted, without triggers and foreign keys noticing, so that its own keys are free."""
    delete = sql.SQL("delete from {} where ctid = {}::tid and {}")
    connection.execute("set local session_replication_role = replica")
    with _silenced(connection, victim):
        connection.execute(delete.format(victim.relation.identifier, victim.place, victim.condition))
    connection.execute("set local session_replication_role = origin")


@contextmanager
def _silenced(connection: psycopg.Connection, victim: Victim) -> Iterator[None]:
    """Switch off the triggers that fire on replicas too (ENABLE ALWAYS and ENABLE REPLICA) for a block."""
    query = sql.SQL(
        "select tgname, case tgenabled when 'A' then 'always' else 'replica' end from pg_catalog.pg_trigger"
        " where tgrelid = {}::regclass and not tgisinternal and tgenabled in ('A', 'R')"
    ).format(victim.relation.identifier.as_string(None))
    found = connection.execute(query).fetchall()
    alter = sql.SQL("alter table {} {} trigger {}")
    for name, _ in found:
        connection.execute(alter.format(victim.relation.identifier, sql.SQL("disable"), sql.Identifier(name)))
    yield
    for name, mode in found:
        connection.execute(alter.format(victim.relation.identifier, sql.SQL(f"enable {mode}"), sql.Identifier(name)))


def _run(connection: psycopg.Connection, identity: Identity, text: str) -> int | psycopg.Error:
    """Return the statement's number, or its own error; putting on the identity may not fail."""
    with acting_as(connection, identity):
        try:
            cursor = connection.execute(text.encode())
            row = cursor.fetchone() if cursor.description else None
        except psycopg.Error as error:
            return error
    return int(row[0]) if row else 0


def _marks(connection: psycopg.Connection, victim: Victim) -> set[str]:
    """The places of the victim's row versions: any INSERT, UPDATE or DELETE moves one."""
    query = sql.SQL("select tableoid::text || ctid::text from {} where {}")
    return {mark for (mark,) in connection.execute(query.format(victim.relation.identifier, victim.condition))}
