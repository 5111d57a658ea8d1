"""Who reaches whose rows: every tenant table, every command, every identity, each denial with its control."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from schemaproof.attack import Attack, Command, Outcome, Victim, attacks, attempt
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.config import Target
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Finding, Level, Location
from schemaproof.identity import Identity, anon, member, service
from schemaproof.relations import Relation, read_relations

__all__ = ["isolation"]


@check(level=Level.ERROR)
def isolation(context: Context) -> Iterator[Finding]:
    """One tenant reads or changes the rows of another.

    On sample data of two tenants, every SELECT, INSERT, UPDATE and DELETE is run against B's rows as a visitor, as a
    login without claims, as a member of A, as a member of B and as the service role, in savepoints that are rolled
    back. What counts is what a superuser sees to be reached afterwards, not what the statement answered. A denial is
    proved only by its control: the same statement succeeds for the rows' owner, or the role lacks the privilege.
    """
    if context.target.sample is None:
        raise NotApplicable("nothing to attack: no sample data; set `sample` to what fills the tables for two tenants")
    with context.session.scratch(context.session.sampled) as database, database.connect() as connection:
        _refuse_unknown_roles(connection, context.target)
        relations = read_relations(connection, context.target.schemas, _roles(context.target))
        tenant_tables = [found for found in relations if found.has(context.target.tenancy.column)]
        yield from _shared(context, [found for found in relations if found not in tenant_tables])
        tenants = _tenants(connection, tenant_tables, context.target.tenancy.column)
        if len(tenants) < 2:
            yield _too_few(context.target, len(tenants), len(tenant_tables))
            return
        with connection.transaction(force_rollback=True):
            for relation in tenant_tables:
                yield from _Trial(context, connection, relation, tenants[0], tenants[1]).findings()
    if not context.proved["controls"]:
        yield _nothing(
            "no statement succeeded for the rows' owner, so that no denial tells anything", "Look at grants."
        )


def _roles(target: Target) -> tuple[str, str, str]:
    return target.roles.anonymous, target.roles.member, target.roles.service


def _refuse_unknown_roles(connection: psycopg.Connection, target: Target) -> None:
    known = [name for (name,) in connection.execute("select rolname from pg_catalog.pg_roles order by rolname")]
    for role in _roles(target):
        if role not in known:
            remedy = did_you_mean(role, known, otherwise="Name roles that the platform or a migration makes.")
            raise UsageError(f"there is no role {role!r} to attack as (settings, `roles`)", remedy=remedy)


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


def _shared(context: Context, relations: list[Relation]) -> Iterator[Finding]:
    """Name the tables that no attack is about and that a request may reach all the same."""
    asking = {context.target.roles.anonymous, context.target.roles.member}
    for relation in relations:
        if reachable := sorted({f"{role}: {command}" for role, command in relation.privileges if role in asking}):
            yield Finding(
                "isolation",
                relation.label,
                f"{relation.label} has no column {context.target.tenancy.column}: is it meant to be the same for all?",
                "Give it the tenant's column, revoke the privileges, or exclude it with the reason that it is shared.",
                level=Level.WARNING,
                detail=", ".join(reachable),
                location=context.locate("table", relation.label),
                key=f"isolation:{relation.label}:shared",
            )


@dataclass
class _Trial:
    """All attacks on one table: B's rows are attacked, B's own member is the control."""

    context: Context
    connection: psycopg.Connection
    relation: Relation
    tenant_a: str
    tenant_b: str
    controls: dict[Attack, Outcome] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """Attack the table and yield what got through, and what a control does not bear out."""
        column = self.context.target.tenancy.column
        victim = Victim.find(self.connection, self.relation, column, self.tenant_b)
        if victim is None:
            summary = "isolation cannot be proved: the sample data has no row of the second tenant"
            yield self._finding(Command.SELECT, summary, "Fill this table for two tenants in the sample data.", "empty")
            return
        self.context.proved["tables"] += 1
        attacker = Victim.find(self.connection, self.relation, column, self.tenant_a)
        for command in Command:
            yield from self._served(self._member(self.tenant_b, "member of B"), victim, command)
            yield from self._served(service(role=self.context.target.roles.service), victim, command)
            for identity in self._attackers():
                yield from self._denied(identity, victim, command, attacker)

    def _member(self, tenant: str, name: str) -> Identity:
        target = self.context.target
        return member(tenant, claim=target.tenancy.claim, role=target.roles.member, name=name)

    def _attackers(self) -> tuple[Identity, ...]:
        roles = self.context.target.roles
        claimless = Identity("login without claims", roles.member, json.dumps({"role": roles.member}))
        return anon(role=roles.anonymous), claimless, self._member(self.tenant_a, "member of A")

    def _served(self, identity: Identity, victim: Victim, command: Command) -> Iterator[Finding]:
        """The control: who holds the privilege reaches the rows, whoever they belong to for the service role."""
        outcomes = [self._attempt(identity, victim, form) for form in attacks(victim, command, identity.role)]
        if identity.role == self.context.target.roles.member:
            self.controls.update({outcome.attack: outcome for outcome in outcomes})
        best = max(outcomes, key=lambda outcome: outcome.reached)
        self._note(command, identity, best)
        self.context.proved["controls"] += bool(best.reached)
        if not best.reached and (identity.role, str(command)) in self.relation.privileges:
            yield self._finding(
                command,
                f"{identity.name} holds the privilege for {command.upper()} but reaches none of the rows ({best})",
                f"Add a policy for {command.upper()} to {identity.role}, or revoke the privilege.",
                f"{identity.name}:control",
                detail=_paste(identity, best),
            )

    def _denied(
        self, identity: Identity, victim: Victim, command: Command, attacker: Victim | None
    ) -> Iterator[Finding]:
        own = attacker if identity.name == "member of A" else None
        outcomes = [
            self._attempt(identity, victim, form) for form in attacks(victim, command, identity.role, attacker=own)
        ]
        worst = max(outcomes, key=lambda outcome: (outcome.reached, not outcome.denied))
        self._note(command, identity, worst)
        if worst.reached:
            yield self._finding(
                command,
                f"{identity.name} reaches another tenant's rows by {command.upper()} ({worst})",
                f"Mend the policy for {command.upper()}, or revoke the privilege from {identity.role}.",
                identity.name,
                detail=_paste(identity, worst),
            )
        elif unclear := next((outcome for outcome in outcomes if self._is_unclear(outcome)), None):
            yield self._finding(
                command,
                f"{command.upper()} as {identity.name} ended in {unclear.sqlstate}, which proves nothing",
                "Look at what the statement met; a denial is 42501 or no row.",
                f"{identity.name}:error",
                detail=_paste(identity, unclear),
            )

    def _is_unclear(self, outcome: Outcome) -> bool:
        """Neither denied nor reached, although the same statement succeeds for the owner."""
        control = self.controls.get(outcome.attack)
        return not outcome.denied and (control is None or bool(control.reached))

    def _attempt(self, identity: Identity, victim: Victim, attack: Attack) -> Outcome:
        self.context.proved["probes"] += 1
        return attempt(self.connection, identity, victim, attack)

    def _note(self, command: Command, identity: Identity, outcome: Outcome) -> None:
        cell = {"object": self.relation.label, "identity": identity.name, "command": str(command)}
        self.context.cells.append(cell | {"outcome": str(outcome), "reached": bool(outcome.reached)})

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
            select format('%%s.%%I', %s::text, policyname) from pg_catalog.pg_policies
            where schemaname = %s and tablename = %s and cmd in (%s, 'ALL') order by cmd desc, policyname
        """
        parameters = [self.relation.label, self.relation.schema, self.relation.name, command.upper()]
        found = self.connection.execute(query, parameters).fetchone()
        policy = self.context.locate("policy", found[0]) if found else None
        return policy or self.context.locate("table", self.relation.label)


def _paste(identity: Identity, outcome: Outcome) -> str:
    """The attack as statements to paste into psql on a database with the sample data."""
    claims = sql.Literal(identity.claims or "").as_string(None)
    lines = [
        "begin;",
        f"set local role {sql.Identifier(identity.role).as_string(None)};",
        f"select set_config('request.jwt.claims', {claims}, true);",
        f"{outcome.attack.statement};",
        "rollback;",
    ]
    if outcome.attack.only:
        lines.insert(0, "-- in a table with no other row:")
    if outcome.sqlstate:
        lines.append(f"-- {outcome.sqlstate}: {outcome.message.partition(chr(10))[0]}")
    return "\n".join(lines)


def _too_few(target: Target, tenants: int, tables: int) -> Finding:
    return _nothing(
        f"the sample data holds {tenants} tenants in {tables} tables with a column {target.tenancy.column}",
        "Fill every tenant table for two tenants, or set `column` under [tool.schemaproof.tenancy].",
    )


def _nothing(summary: str, remedy: str) -> Finding:
    return Finding("isolation", "-", f"nothing was proved: {summary}", remedy, key="isolation:nothing")
