"""Why an attack got through: which policy, grant or missing protection, and whether it may be meant."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.campaign import Campaign, Cell, Kind
from schemaproof.attack.statements import at, matching, piece, text, update_at
from schemaproof.attack.trial import ties_of
from schemaproof.attack.wire import Answer
from schemaproof.attack.worlds import Held
from schemaproof.findings import Level
from schemaproof.surface import Policy, Relation
from schemaproof.tenancy import ANY, ColumnOf

__all__ = ["Verdict", "judge"]


def _words(pattern: str) -> re.Pattern[str]:
    """Whole words of names, which underscores and spaces part."""
    return re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])", re.IGNORECASE)


# Words by which people name what everybody may read, and by which they name what nobody should read any more.
_PUBLIC = _words(
    "(?:un)?publish(?:ed)?|public|visible|visibility|global|templates?|listed|advertised|featured|discoverable|open"
    "|everyone|anyone|everybody"
)
_SHARED = _words("public|shared?|team|common|approved")
_HIDDEN = re.compile(r"delet|archiv|remov|revok|expire|draft|private|hidden|disabled|trash", re.IGNORECASE)
_SECRET = re.compile(r"passw|secret|token|api_?key|private_?key|hash|salt|otp|pin\b|ssn|iban", re.IGNORECASE)
_SOCIAL = _words(
    "profiles?|authors?|people|posts?|comments?|likes?|follow(?:s|ers?)?|reviews?|ratings?|articles?|products?|listings?"
    "|events?|tags?|categor(?:y|ies)|reactions?"
)


@dataclass(frozen=True)
class Verdict:
    """What a reader is told of a cell.

    Args:
        level: how much it weighs.
        reason: what let it through, as part of a sentence.
        policy: the policy that did, if one did.
        guess: why it is no error: an assumption, said to be one.
    """

    level: Level
    reason: str
    policy: Policy | None = None
    guess: str = ""


def judge(campaign: Campaign, cell: Cell) -> Verdict:
    """Say what let an attack through."""
    relation, arena = cell.relation, campaign.arena
    if not relation.row_security:
        return Verdict(Level.ERROR, "row-level security is off on it")
    found = list(_letting(arena, cell))
    policy = found[0] if found else None
    reason = (
        f"policy {policy.name!r} lets it through: {_shown(cell, policy)}" if policy else "no single policy explains it"
    )
    level, guess = _weigh(campaign, cell, policy)
    return Verdict(level, reason, policy, guess)


def _shown(cell: Cell, policy: Policy) -> str:
    check = cell.command == "insert" or (policy.check is not None and cell.worst.form.gives)
    expression = (policy.check if check else None) or policy.using or policy.check or ""
    word = "with check" if check and policy.check else "using"
    return f"{word} {' '.join(expression.split())}"[:300]


def _letting(arena: Arena, cell: Cell) -> Iterator[Policy]:
    """Yield the permissive policies that are true for a row that was reached, as the attacker and without RLS."""
    command = {"merge": "update"}.get(cell.command, cell.command)
    roles = _roles(arena, cell.attacker.identity.role)
    rows = cell.worst.leaked or arena.held(cell.relation.label, cell.victim)[-1:]
    for policy in cell.relation.policies:
        if policy.permissive and policy.applies(command, roles) and rows:
            gives = command == "insert" or cell.worst.form.gives
            expression = (policy.check if gives else None) or policy.using or policy.check or "true"
            given = _given(arena, cell, rows[0]) if cell.worst.form.gives else None
            if _holds(arena, cell, expression, rows[0], given=given):
                yield policy


def _given(arena: Arena, cell: Cell, row: Held) -> sql.Composed | None:
    """The attacker's own row with the victim's keys, as a policy's check sees it."""
    relation, own = cell.relation, arena.held(cell.relation.label, cell.attacker.world or "")
    if not own:
        return None
    ties = ties_of(arena, relation)
    columns = sql.SQL(", ").join(
        piece("{}::{} as {}", sql.Literal(row.values[c.name]), sql.SQL(c.type), sql.Identifier(c.name))
        if c.name in ties
        else sql.Identifier(c.name)
        for c in relation.columns
    )
    name = sql.Identifier(relation.name)
    return piece("(select {} from {} where {}) as {}", columns, relation.identifier, at(own[0].place), name)


def _roles(arena: Arena, role: str) -> list[str]:
    query = "select rolname::text from pg_catalog.pg_roles where pg_catalog.pg_has_role(%s, oid, 'usage')"
    return [name for (name,) in arena.connection.execute(query, [role])]


def _holds(arena: Arena, cell: Cell, expression: str, row: Held, *, given: sql.Composed | None = None) -> bool:
    query = text("select ({}) from {} where {}", sql.SQL(expression), cell.relation.identifier, at(row.place))
    if given is not None:
        query = text("select ({}) from {}", sql.SQL(expression), given)
    with arena.trial():
        answer = _answered(arena, cell, query)
    return bool(answer.rows) and answer.rows[0][0] == "t"


def _answered(arena: Arena, cell: Cell, query: str) -> Answer:
    """What a superuser is answered who has brought along what the attacker has."""
    attacker = cell.attacker
    for statement in attacker.before if cell.kind is Kind.BACK_DOOR else ():
        arena.connection.execute(statement.encode())
    for name, value in (("request.jwt.claims", attacker.identity.claims or ""), *attacker.identity.settings):
        arena.connection.execute("select set_config(%s, %s, true)", [name, value])
    return arena.wire.after(query)


def _weigh(campaign: Campaign, cell: Cell, policy: Policy | None) -> tuple[Level, str]:
    """What reached a row of another tenant is an error, unless the schema itself says that it may be meant."""
    if policy is None:
        return Level.ERROR, ""
    if cell.command == "select":
        guess = (
            _chosen_rows(campaign.arena, cell, policy)
            or _through_parent(campaign, cell, policy)
            or _for_all_to_read(campaign.arena, cell, policy)
        )
        if guess is not None:
            return guess
    if _drop_box(campaign, cell, policy):
        return (
            Level.WARNING,
            f"policy {policy.name!r} is for {', '.join(policy.roles)} by name: taken for a drop box that visitors fill",
        )
    if _team_table(campaign.arena, cell):
        return Level.WARNING, "none of its policies asks whose a row is: taken for one that all logins share"
    return Level.ERROR, ""


def _chosen_rows(arena: Arena, cell: Cell, policy: Policy) -> tuple[Level, str] | None:
    """Some rows are open by what they hold (`is_public`), and others of the same tenant are not."""
    rows = [row for row in arena.rows[cell.relation.label] if row.world not in cell.attacker.worlds]
    columns = _deciding(arena, cell.relation, policy)
    if not columns or (len(cell.worst.leaked) >= len(rows) and not _turned_off(arena, cell, policy, columns)):
        return None
    names = ", ".join(columns)
    if _HIDDEN.search(" ".join(columns)) or _SECRET.search(" ".join(columns)):
        return None
    if _PUBLIC.search(" ".join((*columns, *_values(arena, cell.relation, columns)))):
        return Level.NOTE, f"rows are opened by {names}: taken as published on purpose"
    if _SHARED.search(" ".join((*columns, policy.name))) or _of_users(arena, cell.relation):
        return Level.WARNING, f"rows are opened by {names}: a guess that this is meant"
    return None


def _turned_off(arena: Arena, cell: Cell, policy: Policy, columns: Sequence[str]) -> bool:
    """Tell whether the policy closes a row with its flags turned: no constraint may have let such rows be made."""
    flags = [c.name for c in cell.relation.columns if c.name in columns and c.type == "boolean"]
    row = cell.worst.leaked[0] if cell.worst.leaked else None
    if not flags or row is None:
        return False
    with arena.trial():
        sets = {name: "false" if row.values[name] == "t" else "true" for name in flags}
        arena.wire.after(
            f"set local session_replication_role = replica; {update_at(cell.relation, flags, sets, row.place)}"
        )
        turned = sql.SQL(" and ").join(piece("{} = {}", sql.Identifier(n), sql.Literal(v)) for n, v in sets.items())
        key = matching(cell.relation.key or flags, dict(row.values) | sets)
        query = text(
            "select ({}) from {} where {} and {}",
            sql.SQL(policy.using or "true"),
            cell.relation.identifier,
            turned,
            key,
        )
        answer = _answered(arena, cell, query)
    return bool(answer.rows) and answer.rows[0][0] == "f"


def _through_parent(campaign: Campaign, cell: Cell, policy: Policy) -> tuple[Level, str] | None:
    """Rows are open with those that they refer to, which are themselves open on purpose."""
    for key in cell.relation.foreign_keys:
        parent = campaign.cell(key.to, "select", cell.attacker)
        if parent is None or not parent.reached or key.to not in (policy.using or ""):
            continue
        here, there = zip(*key.columns, strict=True)
        open_ = {row.at(there) for row in parent.worst.leaked}
        if all(row.at(here) in open_ for row in cell.worst.leaked):
            verdict = judge(campaign, parent)
            if verdict.level is not Level.ERROR:
                return verdict.level, f"rows are open with those of {key.to}: {verdict.guess}"
    return None


def _deciding(arena: Arena, relation: Relation, policy: Policy) -> list[str]:
    using = policy.using or ""
    return [
        column.name
        for column in relation.columns
        if ColumnOf(relation.label, column.name) in arena.discovery.facts.values
        and re.search(rf'(?<![\w"]){re.escape(column.name)}(?![\w"])', using)
        and arena.discovery.class_of(ColumnOf(relation.label, column.name)) is None
    ]


def _values(arena: Arena, relation: Relation, columns: Sequence[str]) -> list[str]:
    return [
        value
        for name in columns
        for value in arena.discovery.facts.values[ColumnOf(relation.label, name)]
        if value and value != ANY
    ]


def _for_all_to_read(arena: Arena, cell: Cell, policy: Policy) -> tuple[Level, str] | None:
    """A table that knows users and no tenants is open for reading, in so many words."""
    if _is_root(arena, cell.relation) and (policy.using or "").strip("()") == "true":
        reason = "it lists the tenants themselves, and the policy is for all in so many words: taken for a directory"
        return Level.WARNING, reason
    secret = [
        column for column in cell.relation.allowed(cell.attacker.identity.role, "select") if _SECRET.search(column.name)
    ]
    if not _of_users(arena, cell.relation) or secret:
        return None
    if arena.discovery.weakly_owned(cell.relation.label):
        return Level.WARNING, "nothing but its author says whose a row is: taken as written for all to read"
    if _PUBLIC.search(policy.name) or _SOCIAL.search(cell.relation.name):
        names = f"{policy.name!r} and {cell.relation.name!r}"
        return Level.WARNING, f"by the names of {names}: taken as written for all to read"
    return None


def _is_root(arena: Arena, relation: Relation) -> bool:
    boundary = arena.discovery.boundary
    return (
        boundary is not None
        and not boundary.of_users
        and len(relation.key) == 1
        and ColumnOf(relation.label, relation.key[0]) in boundary.nodes
    )


def _of_users(arena: Arena, relation: Relation) -> bool:
    classes = [each for c in relation.columns if (each := arena.discovery.class_of(ColumnOf(relation.label, c.name)))]
    return bool(classes) and all(each.of_users for each in classes)


def _drop_box(campaign: Campaign, cell: Cell, policy: Policy) -> bool:
    anonymous = campaign.arena.cast.anonymous
    return cell.command == "insert" and anonymous in policy.roles and not campaign.reads_or_changes(cell.relation.label)


def _team_table(arena: Arena, cell: Cell) -> bool:
    """No policy of a table that knows users and no tenants compares a column with the caller."""
    if cell.command in ("update", "delete", "merge") or cell.attacker.identity.role == arena.cast.anonymous:
        return False
    if not _of_users(arena, cell.relation):
        return False
    own = {ColumnOf(cell.relation.label, column.name) for column in cell.relation.columns}
    names = {node.column for node in own if arena.discovery.class_of(node)}
    expressions = " ".join(f"{policy.using} {policy.check}" for policy in cell.relation.policies)
    return not any(re.search(rf"\b{re.escape(name)}\b", expressions) for name in names)
