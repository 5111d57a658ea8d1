"""Emulated extensions on a server without their files (a DSN's): the same objects, registered as an extension.

`create extension if not exists` in a migration then finds it there. The one write to a system catalogue is the row of
pg_extension with its dependencies on schema and owner, in a database that schemaproof made; the members are added with
ALTER EXTENSION, so dropping, cloning and dumping treat it as any other extension.
"""

import re
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.platform.extensions import FOLDER, MARK

__all__ = ["stand_in_for_missing"]

_SETTING = re.compile(r"^(\w+)\s*=\s*'?(.*?)'?\s*$", re.MULTILINE)
_CONFIG_DUMP = re.compile(r"^select (pg_catalog\.)?pg_extension_config_dump\(.*\);$", re.MULTILINE)
# The real pg_cron can be created in one database of its server only.
_AVAILABLE = (
    "select name from pg_catalog.pg_available_extensions where name <> 'pg_cron' or position(%(mark)s in comment) > 0"
    " or current_setting('cron.database_name', true) = current_database()"
)
_OBJECTS = (FOLDER.parent / "supabase_sql" / "objects.sql").read_text(encoding="utf-8")


def stand_in_for_missing(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Make every emulated extension that the server cannot create; return their names.

    Needs a superuser in a transaction, schemas `extensions` and `vault`, and pgcrypto.
    """
    available = {name for (name,) in connection.execute(_AVAILABLE, {"mark": MARK})}
    missing = [control.stem for control in sorted(FOLDER.glob("*.control")) if control.stem not in available]
    for name in missing:
        _stand_in(connection, name)
    return tuple(missing)


def _stand_in(connection: psycopg.Connection[Any], name: str) -> None:
    control = dict(_SETTING.findall((FOLDER / f"{name}.control").read_text(encoding="utf-8")))
    version = control["default_version"]
    schema = control.get("schema", "pg_catalog" if name == "pg_cron" else "extensions")
    script = (FOLDER / f"{name}--{version}.sql").read_text(encoding="utf-8")
    script = _CONFIG_DUMP.sub("", script).replace("@extschema@", schema)
    if schema != "pg_catalog":
        # As CREATE EXTENSION does for the schema that a control file names; it is no member.
        connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
    connection.execute("set local search_path = pg_catalog")
    before = _objects(connection)
    # No file may be left on a server that is not schemaproof's, so the vault's root key stays in the database.
    connection.execute("set local schemaproof.vault_key = 'database'")
    path = sql.SQL("pg_catalog") if schema == "pg_catalog" else sql.SQL("{}, pg_catalog").format(sql.Identifier(schema))
    connection.execute(sql.SQL("set local search_path = {}").format(path))
    connection.execute(script)
    connection.execute("set local search_path = pg_catalog")
    _register(connection, name, version, schema)
    connection.execute(
        sql.SQL("comment on extension {} is {}").format(sql.Identifier(name), sql.Literal(control["comment"]))
    )
    for member in sorted(_objects(connection) - before):
        connection.execute(sql.SQL("alter extension {} add {}").format(sql.Identifier(name), sql.SQL(member)))


def _objects(connection: psycopg.Connection[Any]) -> set[str]:
    return {text for (text,) in connection.execute(_OBJECTS)}


def _register(connection: psycopg.Connection[Any], name: str, version: str, schema: str) -> None:
    connection.execute(
        "with extension as ("
        "   insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
        "   select pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index'), %s, r.oid, %s::regnamespace, false, %s"
        "   from pg_roles as r where r.rolname = current_user"
        "   returning oid, extowner, extnamespace"
        "), on_schema as ("
        "   insert into pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)"
        "   select 'pg_extension'::regclass, oid, 0, 'pg_namespace'::regclass, extnamespace, 0, 'n'"
        "   from extension where extnamespace <> 'pg_catalog'::regnamespace"
        ")"
        " insert into pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)"
        " select d.oid, 'pg_extension'::regclass, e.oid, 0, 'pg_authid'::regclass, e.extowner, 'o'"
        # The bootstrap superuser (10) cannot be dropped, so nothing is noted as depending on it.
        " from extension as e join pg_database as d on d.datname = current_database() where e.extowner <> 10",
        (name, schema, version),
    )
