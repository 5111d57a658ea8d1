"""Who reaches whose rows: every tenant table, every command, every identity, each denial with its control."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from schemaproof.attack import Attack, Command, Outcome, Victim, attacks, attempt
from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Location
from schemaproof.identity import Identity, anon, member, service
from schemaproof.relations import Relation, read_relations

__all__ = ["isolation"]


@check()
def isolation(context: Context) -> Iterator[Finding]:
    """One tenant reads or changes the rows of another.

    On sample data of two tenants, every SELECT, INSERT, UPDATE and DELETE is run against B's rows as a visitor, as a
    login without claims, as a member of A, as a member of B and as the service role, in savepoints that are rolled
    back. What counts is what a superuser sees to be reached afterwards, not what the statement answered. A denial is
    proved only by its control: the same statement succeeds for the rows' owner, or the role lacks the privilege.
    """
    if context.target.sample is None:
        yield _nothing("the settings name no sample data", "Set `sample` to what fills the tables for two tenants.")
        return
    with context.session.scratch(context.session.sampled) as database, database.connect() as connection:
        roles = context.target.roles
        relations = [
            relation
            for relation in read_relations(
                connection, context.target.schemas, (roles.anonymous, roles.member, roles.service)
            )
            if relation.has(context.target.tenancy.column)
        ]
        tenants = _tenants(connection, relations, context.target.tenancy.column)
        if len(tenants) < 2:
            column = context.target.tenancy.column
            yield _nothing(
                f"the sample data holds {len(tenants)} tenants in {len(relations)} tables with a column {column}",
                "Fill every tenant table for two tenants, or set `column` under [tool.schemaproof.tenancy].",
            )
            return
        with suppress(psycopg.Rollback), connection.transaction():
            for relation in relations:
                yield from _Trial(context, connection, relation, tenants).findings()


def _tenants(connection: psycopg.Connection, relations: list[Relation], column: str) -> list[str]:
    """The two tenants that have rows in the most tables, in a stable order."""
    if not relations:
        return []
    each = sql.SQL(" union all ").join(
        sql.SQL("select distinct {}::text as tenant from {} where {} is not null").format(
            sql.Identifier(column), relation.identifier, sql.Identifier(column)
        )
        for relation in relations
    )
    query = sql.SQL("select tenant from ({}) as t group by tenant order by count(*) desc, tenant limit 2").format(each)
    return [tenant for (tenant,) in connection.execute(query)]


@dataclass
class _Trial:
    """All attacks on one table: A attacks B's rows, B is the control."""

    context: Context
    connection: psycopg.Connection
    relation: Relation
    tenants: list[str]
    cells: dict[tuple[Command, str], Outcome] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """Attack the table and yield what got through, and what a control does not bear out."""
        victim = Victim.find(self.connection, self.relation, self.context.target.tenancy.column, self.tenants[1])
        if victim is None:
            yield self._finding(
                Command.SELECT,
                "isolation cannot be proved: the sample data has no row of the second tenant",
                "Fill this table for two tenants in the sample data.",
                "empty",
            )
            return
        self.context.proved["tables"] += 1
        for command in Command:
            yield from self._command(victim, command)

    def _command(self, victim: Victim, command: Command) -> Iterator[Finding]:
        roles, claim = self.context.target.roles, self.context.target.tenancy.claim
        owner = member(self.tenants[1], claim=claim, role=roles.member, name="member of B")
        attack, control = self._control(owner, victim, command)
        self._note(command, owner, control)
        if not control.reached and not control.denied_by_privilege:
            yield self._unproved(command, owner, control)
        attackers = [
            anon(role=roles.anonymous),
            Identity("login without claims", roles.member, json.dumps({"role": roles.member})),
            member(self.tenants[0], claim=claim, role=roles.member, name="member of A"),
        ]
        for identity in attackers:
            yield from self._denied(identity, victim, attack)
        yield from self._served(service(role=roles.service), victim, command)

    def _control(self, owner: Identity, victim: Victim, command: Command) -> tuple[list[Attack], Outcome]:
        """The forms that the owner succeeds with; where it has none, all forms and the last refusal."""
        tried = [(form, self._attempt(owner, victim, form)) for form in attacks(victim, command, owner.role)]
        good = [(form, outcome) for form, outcome in tried if outcome.reached]
        if good:
            return [form for form, _ in good], good[0][1]
        return [form for form, _ in tried], tried[-1][1]

    def _denied(self, identity: Identity, victim: Victim, forms: list[Attack]) -> Iterator[Finding]:
        command = forms[0].command
        own = forms if identity.role == self.context.target.roles.member else attacks(victim, command, identity.role)
        outcomes = [self._attempt(identity, victim, form) for form in own]
        worst = max(outcomes, key=lambda outcome: outcome.reached)
        self._note(command, identity, worst)
        if worst.reached:
            yield self._finding(
                command,
                f"{identity.name} reaches another tenant's rows by {command.upper()} ({worst})",
                f"Mend the policy for {command.upper()} or revoke the privilege from {identity.role}.",
                identity.name,
                detail=_paste(identity, worst),
            )
        elif not any(_is_denial(outcome) for outcome in outcomes):
            yield self._finding(
                command,
                f"{command.upper()} as {identity.name} ended in {worst.sqlstate}, which proves nothing",
                "Look at what the statement met; a denial is 42501 or no row.",
                f"{identity.name}:error",
                detail=_paste(identity, worst),
            )

    def _served(self, identity: Identity, victim: Victim, command: Command) -> Iterator[Finding]:
        outcomes = [self._attempt(identity, victim, form) for form in attacks(victim, command, identity.role)]
        best = max(outcomes, key=lambda outcome: outcome.reached)
        self._note(command, identity, best)
        if not best.reached and not best.denied_by_privilege:
            yield self._unproved(command, identity, best)

    def _attempt(self, identity: Identity, victim: Victim, attack: Attack) -> Outcome:
        self.context.proved["probes"] += 1
        return attempt(self.connection, identity, victim, attack)

    def _note(self, command: Command, identity: Identity, outcome: Outcome) -> None:
        cell = {"object": self.relation.label, "identity": identity.name, "command": str(command)}
        self.context.cells.append(cell | {"outcome": str(outcome), "reached": bool(outcome.reached)})

    def _unproved(self, command: Command, identity: Identity, outcome: Outcome) -> Finding:
        return self._finding(
            command,
            f"{identity.name} has the privilege for {command.upper()} but reaches none of its own rows ({outcome})",
            f"Add a policy for {command.upper()}, or revoke the privilege.",
            f"{identity.name}:control",
            detail=_paste(identity, outcome),
        )

    def _finding(self, command: Command, summary: str, remedy: str, case: str, *, detail: str = "") -> Finding:
        return Finding(
            "isolation",
            self.relation.label,
            f"{self.relation.label}: {summary}",
            remedy,
            detail=detail,
            location=self._location(command),
            key=f"isolation:{self.relation.label}:{command}:{case}",
        )

    def _location(self, command: Command) -> Location | None:
        """Where the policy for the command is made, or else the table."""
        query = """
            select policyname from pg_catalog.pg_policies
            where schemaname = %s and tablename = %s and cmd in (%s, 'ALL') order by cmd desc, policyname
        """
        found = self.connection.execute(query, [self.relation.schema, self.relation.name, command.upper()]).fetchone()
        policy = self.context.locate("policy", f"{self.relation.label}.{found[0]}") if found else None
        return policy or self.context.locate("table", self.relation.label)


def _is_denial(outcome: Outcome) -> bool:
    return outcome.sqlstate in (None, "42501")


def _paste(identity: Identity, outcome: Outcome) -> str:
    """The attack as statements to paste into psql on a database with the sample data."""
    claims = sql.Literal(identity.claims or "").as_string(None)
    return (
        f"begin;\nset local role {identity.role};\n"
        f"select set_config('request.jwt.claims', {claims}, true);\n{outcome.statement};\nrollback;"
        + (f"\n-- {outcome.sqlstate}: {outcome.message.partition(chr(10))[0]}" if outcome.sqlstate else "")
    )


def _nothing(summary: str, remedy: str) -> Finding:
    return Finding("isolation", "-", f"nothing was attacked: {summary}", remedy, key="isolation:nothing")
