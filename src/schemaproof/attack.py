"""One statement at a time against one tenant's rows, judged by what it reached and not by what it answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import psycopg
from psycopg import sql

from schemaproof.identity import Identity, acting_as
from schemaproof.relations import Column, Relation

__all__ = ["Attack", "Command", "Outcome", "Victim", "attacks", "attempt"]

# An UPDATE of the first column may be refused by a CHECK or a trigger: as many others are tried.
_COLUMNS_TRIED = 5


class Command(StrEnum):
    """What row-level security governs."""

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True)
class Victim:
    """A tenant's rows in one table, and one of them: at `place`, its values as PostgreSQL writes them."""

    relation: Relation
    column: str
    tenant: str
    place: str
    row: dict[str, str | None]

    @property
    def condition(self) -> sql.Composed:
        """The WHERE clause that picks the tenant's rows."""
        return sql.SQL("{} = {}").format(sql.Identifier(self.column), sql.Literal(self.tenant))

    @classmethod
    def find(cls, connection: psycopg.Connection, relation: Relation, column: str, tenant: str) -> "Victim | None":
        """Return the tenant's rows in `relation` as a superuser sees them; None where it has none."""
        query = sql.SQL("select tableoid::text || ctid::text, {} from {} where {}::text = {} limit 1").format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(found.name)) for found in relation.columns),
            relation.identifier,
            sql.Identifier(column),
            sql.Literal(tenant),
        )
        found = connection.execute(query).fetchone()
        if found is None:
            return None
        row = dict(zip((c.name for c in relation.columns), found[1:], strict=True))
        return cls(relation, column, tenant, found[0], row)


@dataclass(frozen=True)
class Attack:
    """One statement, and the rows that it finds in the table.

    Args:
        statement: the text, ready to paste.
        only: the place of the one row that is left in the table, so that a statement without a WHERE clause can reach
            no other; None: the table is as it is.
        without: the place of a row that is taken away, to be inserted.
        foreign: whatever it writes is the victim's: a constraint that stops it (class 23) stops it after the policies
            let it pass.
    """

    command: Command
    statement: str
    only: str | None = None
    without: str | None = None
    foreign: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a statement reached.

    Args:
        attack: what was tried.
        reached: how many of the victim's rows it saw, made, changed or took away.
        sqlstate: of the error that ended it, if one did.
        message: what the server said to it.
    """

    attack: Attack
    reached: int
    sqlstate: str | None = None
    message: str = ""

    @property
    def denied(self) -> bool:
        """Tell whether it was refused for want of a privilege or by a policy (42501), or found no row."""
        return not self.reached and self.sqlstate in (None, "42501")

    def __str__(self) -> str:
        return self.sqlstate or f"{self.reached} rows"


def attacks(victim: Victim, command: Command, role: str, *, attacker: Victim | None = None) -> Iterator[Attack]:
    """Yield the forms of `command` on the victim's rows that `role` has the best chance with.

    A statement that reads a column needs the privilege to, and an UPDATE or DELETE that does applies the SELECT policy
    too (manual, CREATE POLICY, table of policies applied by command): that would hide a hole. So each is yielded with
    a WHERE clause, and without one on a table in which only the victim's row is left. With the `attacker`'s own row
    known, an UPDATE that moves it to the victim's tenant is yielded as well.
    """
    relation, where = victim.relation, sql.SQL(" where {}").format(victim.condition)
    match command:
        case Command.SELECT:
            yield from _both(command, sql.SQL("select count(*) from {}").format(relation.identifier), where, victim)
        case Command.INSERT:
            yield _insert(victim, role)
        case Command.UPDATE:
            for column in relation.updatable(role)[:_COLUMNS_TRIED]:
                yield from _both(command, _update(relation, column, victim.row[column.name]), where, victim)
            move = next((found for found in relation.updatable(role) if found.name == victim.column), None)
            if attacker and move:
                yield Attack(command, _text(_update(relation, move, victim.tenant)), only=attacker.place)
        case Command.DELETE:
            yield from _both(command, sql.SQL("delete from {}").format(relation.identifier), where, victim)


def attempt(connection: psycopg.Connection, identity: Identity, victim: Victim, attack: Attack) -> Outcome:
    """Run the attack as `identity` in a savepoint that is rolled back, and count what it reached of the victim's rows.

    `connection` is a superuser's, inside a transaction. An error of class 23 after a write that can only be foreign
    means that the policies let it pass and a constraint stopped it: that counts as one row reached.
    """
    with connection.transaction(force_rollback=True):
        foreign = _prepare(connection, victim, attack) and attack.foreign
        before = _marks(connection, victim)
        answer = _run(connection, identity, attack.statement)
        if isinstance(answer, psycopg.Error):
            let_in = foreign and (answer.sqlstate or "").startswith("23")
            return Outcome(attack, int(let_in), answer.sqlstate, str(answer))
        return Outcome(attack, answer if attack.command is Command.SELECT else len(_marks(connection, victim) ^ before))


def _both(command: Command, head: sql.Composed, where: sql.Composed, victim: Victim) -> Iterator[Attack]:
    yield Attack(command, _text(head + where))
    yield Attack(command, _text(head), only=victim.place)


def _insert(victim: Victim, role: str) -> Attack:
    """An INSERT of the victim's own row, taken away a moment before: every constraint is met by it.

    A role that may not write the tenant's column leaves it to its default, and the row lands where the default says.
    """
    columns = victim.relation.insertable(role)
    statement = sql.SQL("insert into {} ({}) values ({})").format(
        victim.relation.identifier,
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
        # Without a cast the literal takes the column's type, whose schema the role need not be able to use.
        sql.SQL(", ").join(sql.Literal(victim.row[column.name]) for column in columns),
    )
    foreign = any(column.name == victim.column for column in columns)
    return Attack(Command.INSERT, _text(statement), without=victim.place, foreign=foreign)


def _update(relation: Relation, column: Column, value: str | None) -> sql.Composed:
    name = sql.Identifier(column.name)
    return sql.SQL("update {} set {} = {}").format(relation.identifier, name, sql.Literal(value))


def _text(statement: sql.Composed) -> str:
    return statement.as_string(None)


def _prepare(connection: psycopg.Connection, victim: Victim, attack: Attack) -> bool:
    """Take rows away before the attack, without triggers and foreign keys noticing; tell whether none but B's are left.

    A trigger that fires ALWAYS may refuse. An INSERT of a row that is still there meets its key (23505) after the
    policies have let it pass, so that it tells as much; a bare statement then reaches A's own rows as well.
    """
    if attack.only is None and attack.without is None:
        return True
    place, sign = (attack.only, "<>") if attack.without is None else (attack.without, "=")
    delete = sql.SQL("delete from {} where tableoid::text || ctid::text {} {}")
    try:
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            connection.execute(delete.format(victim.relation.identifier, sql.SQL(sign), sql.Literal(place)))
            connection.execute("set local session_replication_role = origin")
    except psycopg.Error:
        return attack.without is not None
    return True


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
