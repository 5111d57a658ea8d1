"""What differs between the two built databases: objects, privileges, and who reaches whose rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import psycopg

from schemaproof.catalogue import Catalogue, compare, render, take_catalogue
from schemaproof.checks import Context
from schemaproof.findings import Finding, Level
from schemaproof.gate.compatibility import incompatibilities
from schemaproof.gate.loosening import loosenings, widenings
from schemaproof.gate.plans import touched_queries
from schemaproof.gate.privileges import Privilege, read_privileges
from schemaproof.gate.side import Side
from schemaproof.migrations import LEDGER_SCHEMA
from schemaproof.session import Session, open_session

__all__ = ["Difference", "find_difference"]

_OWNER = "the rows' owner"
Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Difference:
    """What the change makes of the database.

    Args:
        objects: kind, name, change (`added`, `removed`, `changed`) and the text of it, an entry an object.
        gained, lost: privileges of the roles that requests come as.
        cells: of the behaviour matrix, where rows are reached in one state and not in the other.
        queries: ids of the project's catalogue, of those that reach what differs.
    """

    objects: tuple[Mapping[str, str], ...] = ()
    gained: tuple[Privilege, ...] = ()
    lost: tuple[Privilege, ...] = ()
    cells: tuple[Mapping[str, str], ...] = ()
    queries: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def find_difference(
    session: Session,
    base: Side,
    new: Sequence[int],
    before: Iterable[Mapping[str, Any]],
    after: Iterable[Mapping[str, Any]],
) -> Difference:
    """Compare the databases of both states.

    Args:
        session: of the head.
        base: the other state.
        new: places in the history of the migrations that only the head has.
        before, after: the behaviour matrices, as the results documents have them.
    """
    with Context(session, new) as context, _built(session, base) as connection:
        roles = (*context.asking_roles, session.target.roles.service)
        known, schemas = _catalogue(connection), context.schemas
        objects = tuple(_objects(known, _catalogue(context.connection)))
        sides = [read_privileges(each, schemas, _existing(each, roles)) for each in (connection, context.connection)]
        gained, lost = sorted(sides[1] - sides[0]), sorted(sides[0] - sides[1])
        cells = tuple(_cells(before, after, session.target.roles.service))
        kept = sides[0] & sides[1]
        findings = (
            *widenings(context, known, sides[0], gained),
            *loosenings(context, known),
            *_reached(context, cells, kept, known),
            *incompatibilities(context, connection, known),
        )
        queries = touched_queries(session, context.routines, context.catalogue, objects)
        placed = tuple(map(context.placed, findings))
    return Difference(objects, tuple(gained), tuple(lost), cells, queries, placed)


@contextmanager
def _built(session: Session, base: Side) -> Iterator[psycopg.Connection]:
    """Lend a connection to the database of the base, whose names are written with their schema."""
    with _session_of(session, base) as other:
        database = other.fresh() if base.history else other.base()
        with database.connect() as connection:
            connection.execute("set search_path to pg_catalog, pg_temp; set jit to off")
            yield connection


@contextmanager
def _session_of(session: Session, base: Side) -> Iterator[Session]:
    """Lend a session of the base on the head's server; on one of its own where the migrations make roles."""
    if base.history and base.target.role_use:
        with open_session(base.target, session.spec_of_another()) as other:
            yield other
        return
    other = session.beside(base.target if base.history else session.target)
    try:
        yield other
    finally:
        other.drop_all()


def _existing(connection: psycopg.Connection, roles: Iterable[str]) -> list[str]:
    rows = connection.execute("select rolname::text from pg_catalog.pg_roles where rolname = any (%s)", [list(roles)])
    known = {name for (name,) in rows} | {"public"}
    return [role for role in dict.fromkeys(roles) if role in known]


def _catalogue(connection: psycopg.Connection) -> Catalogue:
    """Take the catalogue without the runner's own schema, which appears with the first migration."""
    return take_catalogue(connection).without_schema(LEDGER_SCHEMA).of_any_clone()


def _objects(before: Catalogue, after: Catalogue) -> Iterator[Mapping[str, str]]:
    for key, group in groupby(compare(before, after), key=lambda found: found.key):
        found = tuple(group)
        yield {"kind": key.kind, "name": key.name, "change": found[0].change, "text": render(found)}


def _cells(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], service: str
) -> Iterator[Mapping[str, str]]:
    """Yield the cells that both states have and that differ in whether rows are reached, but by the back end's role."""
    known = {_cell(each): each for each in before}
    for each in after:
        was = known.get(_cell(each))
        if was is None or _reaches(was, service) == _reaches(each, service):
            continue
        yield dict(zip(("object", "identity", "command"), _cell(each), strict=True)) | {
            "before": str(was["outcome"]),
            "after": _told(each, service),
            "change": "wider" if _reaches(each, service) else "narrower",
        }


def _reaches(cell: Mapping[str, Any], service: str) -> bool:
    return bool(cell["reached"]) and cell.get("role") != service


def _told(cell: Mapping[str, Any], service: str) -> str:
    by = f" by {service} alone" if cell["reached"] and cell.get("role") == service else ""
    return f"{cell['outcome']}{by}"


def _cell(cell: Mapping[str, Any]) -> Cell:
    return cell["object"], cell["identity"], cell["command"]


def _reached(
    context: Context, cells: Iterable[Mapping[str, str]], kept: frozenset[Privilege], before: Catalogue
) -> Iterator[Finding]:
    """Yield who reaches rows that he did not, and rows' owners who reach theirs no more.

    The latter is an error where the privilege stayed and no policy of the table was taken away: then what a policy says
    or calls keeps everybody out, and nobody meant it.
    """
    told = [each for each in cells if (each["identity"] == _OWNER) == (each["change"] == "narrower")]

    def is_unmeant(name: str, command: str) -> bool:
        dropped = _policies_of(before, name) - _policies_of(context.catalogue, name)
        return not dropped and _may_still(context, kept, name, command)

    wanted = itemgetter("object", "command", "change")
    for (name, command, change), group in groupby(sorted(told, key=wanted), key=wanted):
        found = list(group)
        who = ", ".join(each["identity"] for each in found[:4]) + (", …" if len(found) > 4 else "")
        does = "reaches rows, and did not before" if change == "wider" else "reaches no rows, and did before"
        yield Finding(
            "widened" if change == "wider" else "narrowed",
            name,
            f"{name}: {command.upper()} {does}: as {who}",
            "Say in the pull request that it is meant, or mend the policies.",
            level=Level.ERROR if change == "narrower" and is_unmeant(name, command) else Level.WARNING,
            detail="\n".join(f"{each['identity']}: {each['before']} -> {each['after']}" for each in found),
            location=context.locate("table", name),
            key=f"{'widened' if change == 'wider' else 'narrowed'}:{name}:{command}",
            audience=tuple(each["identity"] for each in found),
        )


def _may_still(context: Context, kept: frozenset[Privilege], relation: str, command: str) -> bool:
    """Tell whether a role that members come as has had a privilege for the command all the time."""
    asked = {each for each in kept if each.privilege == command.upper() and each.role == context.target.roles.member}
    return any(each.object == relation or each.object.startswith(f"{relation}.") for each in asked)


def _policies_of(catalogue: Catalogue, relation: str) -> set[str]:
    return {name for name in catalogue.of_kind("policy") if name.startswith(f"{relation}.")}
