"""Roles on the server of a run: those that it must have, those that a target leaves there, and when it may."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.config import Target
from schemaproof.errors import ServerError, UsageError
from schemaproof.migrations import RoleUse
from schemaproof.platform import Platform
from schemaproof.server import Server

__all__ = ["drop_made_roles", "prepare_roles", "provide_roles"]

_ANOTHER = "Leave out the DSN, or --reuse: a server that schemaproof starts is then the run's own."


def prepare_roles(server: Server, platform: Platform, target: Target, *, may_create: bool) -> frozenset[str]:
    """Give the server the roles that `target` stands on, and return those that may be there afterwards and were not.

    Raises:
        UsageError: the server is not schemaproof's own, and roles would have to be made or changed there.
        ServerError: nothing proved on this server would hold.
    """
    with server.connect() as connection:
        platform.refuse_unfit(connection)
        there = _there(connection)
        if not server.owned:
            _refuse_use(target.role_use, there, may_create=may_create)
        platforms = frozenset(platform.missing_roles(connection))
        missing = (platforms | target.expected_roles) - there
        if missing and not (server.is_ours or may_create):
            raise UsageError(
                f"{_needing(platform, target, missing - platforms)} needs roles that this server lacks: "
                f"{', '.join(sorted(missing))}",
                remedy="Roles belong to the whole server. Give --create-roles to have them created there.",
            )
        provide_roles(connection, platform, target.expected_roles)
    return (target.role_use.made | target.expected_roles) - there - platforms


def provide_roles(connection: psycopg.Connection[Any], platform: Platform, expected: Iterable[str]) -> None:
    """Create what is missing of the platform's roles, and of `expected`, of which nothing but the name is known."""
    if platform.missing_roles(connection):
        platform.create_roles(connection)
    for role in sorted(frozenset(expected) - _there(connection)):
        name = sql.Identifier(role)
        connection.execute(sql.SQL("create role {}").format(name))
        if platform.migration_role:  # so that it may hand objects over
            connection.execute(sql.SQL("grant {} to {}").format(name, sql.Identifier(platform.migration_role)))


def drop_made_roles(server: Server, names: Iterable[str]) -> None:
    """Drop the roles that a run has made on a server that stays; nothing of the run is left there that they own.

    Raises:
        ServerError: some cannot be dropped; it names them.
    """
    left: list[str] = []
    with server.connect() as connection:
        for role in sorted(frozenset(names) & _there(connection)):
            try:
                connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
            except psycopg.Error as error:
                left.append(f"{role} ({error.diag.message_detail or error.diag.message_primary})")
    if left:
        raise ServerError(
            f"roles that the migrations made stay on the server: {', '.join(left)}",
            remedy="Drop them by hand: the next run finds them there otherwise.",
        )


def _refuse_use(use: RoleUse, there: frozenset[str], *, may_create: bool) -> None:
    if use.changed:
        raise UsageError(
            f"the migrations change roles that they do not make, on a server that stays: "
            f"{', '.join(sorted(use.changed))}",
            remedy=_ANOTHER,
        )
    if use.made and not may_create:
        raise UsageError(
            f"the migrations create roles, which belong to the whole server: {', '.join(sorted(use.made))}",
            remedy=f"Give --create-roles to have them created there and dropped at the end. Or: {_ANOTHER}",
        )
    if taken := use.created & there:
        raise UsageError(
            f"the migrations create roles that this server has already: {', '.join(sorted(taken))}",
            remedy=f"Drop them, if a run that was killed left them there. Or: {_ANOTHER}",
        )


def _needing(platform: Platform, target: Target, missing: frozenset[str]) -> str:
    """Say what needs roles: the file, where some of them are `missing` that are none of the platform's."""
    return str(target.relative(target.migrations)) if missing else f"the platform {platform.name!r}"


def _there(connection: psycopg.Connection[Any]) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute("select rolname::text from pg_catalog.pg_roles"))
