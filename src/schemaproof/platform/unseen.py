"""What a statement has to become before it is sent, where an emulation needs what no trigger of the database sees."""

import re
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.platform.extensions import MARK

__all__ = ["Unseen"]

_ASK = """
    select
        pg_catalog.to_regprocedure('extensions.run_privileged(text)') is not null,
        exists (
            select from pg_catalog.pg_available_extensions where name = 'vector' and position(%(mark)s in comment) > 0
        ) or exists (
            select from pg_catalog.pg_extension
            where extname = 'vector' and position(%(mark)s in obj_description(oid, 'pg_extension')) > 0
        ),
        pg_catalog.current_database()
"""
_NAME = r'"?(?:{})"?(?![\w"$])'
_RESERVED = (
    "anon|authenticated|authenticator|service_role|dashboard_user|pgbouncer|supabase_\\w*admin|supabase_read_only_user"
)
# The settings of the first four may be changed, nothing else.
_ALTERS_RESERVED = re.compile(
    rf"(?:alter\s+(?:role|user)|drop\s+(?:role|user)(?:\s+if\s+exists)?)\s+(?P<role>{_NAME.format(_RESERVED)})"
    r"(?!\s+(?:set|reset|in\s+database)\b)",
    re.IGNORECASE,
)
_PRIVILEGED = re.compile(r"create\s+event\s+trigger\b|comment\s+on\s+extension\b", re.IGNORECASE)
_OF_DATABASE = re.compile(
    rf"\A((?:alter|comment\s+on|(?:grant|revoke)\b[^;]*?\son)\s+database\s+){_NAME.format('postgres')}(?!\s+rename\b)",
    re.IGNORECASE,
)
_MAKES_INDEX = re.compile(r"(?:create\s+(?:unique\s+)?index|do)\b", re.IGNORECASE)
_INDEX_OPTIONS = re.compile(r'(\busing\s+"?(?:hnsw|ivfflat)"?\s*\([^;]*?\)\s*)\b(with\s*\()([^()]*)\)', re.IGNORECASE)
_QUOTE = "$schemaproof$"


@dataclass(frozen=True)
class Unseen:
    """What of a database is emulated so that a statement has to know of it; nothing on a server of the platform's own.

    Args:
        supautils: what Supabase lets `postgres` do, and refuses it, by an extension of its own.
        vector: the extension, whose index options PostgreSQL would refuse.
        database: the one that stands for the database `postgres` of a project.
    """

    supautils: bool = False
    vector: bool = False
    database: str = "postgres"

    @classmethod
    def of(cls, connection: psycopg.Connection[Any]) -> "Unseen":
        """Ask the database that `connection` is to."""
        row = connection.execute(_ASK, {"mark": MARK}).fetchone()
        assert row is not None  # it has no FROM
        return cls(*row)

    def adapted(self, statement: str) -> str:
        """Return what to send for `statement`, which begins with its first word; mostly itself."""
        if self.vector and _MAKES_INDEX.match(statement):
            statement = _INDEX_OPTIONS.sub(r"\1/*schemaproof: with (\3)*/", statement)
        if not self.supautils:
            return statement
        if found := _ALTERS_RESERVED.match(statement):
            return _refusal(found["role"].strip('"'))
        if _PRIVILEGED.match(statement):
            return f"select extensions.run_privileged({_QUOTE}{statement}{_QUOTE})"
        return _OF_DATABASE.sub(lambda found: found[1] + sql.Identifier(self.database).as_string(), statement, count=1)


def _refusal(role: str) -> str:
    message = f'"{role}" is a reserved role, only superusers can modify it'
    return f"do {_QUOTE} begin raise exception '{message}' using errcode = 'reserved_name'; end {_QUOTE}"
