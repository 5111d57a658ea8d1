"""The extensions that schemaproof emulates in SQL: files for a started server, and what a database has of them."""

from pathlib import Path
from typing import Any

import psycopg

from schemaproof.platform.part import Part
from schemaproof.server import EmulatedExtension

__all__ = ["EMULATED", "FOLDER", "MARK", "TRUSTED", "extension_parts"]

FOLDER = Path(__file__).parent / "emulated"
# Stands in the comment of every emulated control file.
MARK = "(schemaproof)"


def _emulated() -> tuple[EmulatedExtension, ...]:
    return tuple(
        EmulatedExtension(
            control.stem,
            (control, *sorted(FOLDER.glob(f"{control.stem}--*.sql"))),
            # The real pg_cron works in one database of a server only, and that one cannot be cloned.
            replaces_real=control.stem == "pg_cron",
        )
        for control in sorted(FOLDER.glob("*.control"))
    )


def _trusted() -> EmulatedExtension:
    """Return secondary control files that let a non-superuser create what Supabase lets `postgres` create.

    https://www.postgresql.org/docs/current/extend-extensions.html: `<name>--<version>.control` overrides the primary
    file for that version. Nothing is replaced, so these go in under a name that no extension has.
    """
    return EmulatedExtension("schemaproof_trusted", tuple(sorted((FOLDER / "trusted").glob("*.control"))))


EMULATED = _emulated()
TRUSTED = _trusted()


def extension_parts(connection: psycopg.Connection[Any]) -> tuple[Part, ...]:
    """Return the extensions of the database, each real or emulated.

    An emulated one has a marked control file; a stand-in has a marked comment, since a real control file may be there.
    """
    rows = connection.execute(
        "select e.extname, e.extversion, concat(a.comment, obj_description(e.oid, 'pg_extension'))"
        " from pg_catalog.pg_extension as e left join pg_catalog.pg_available_extensions as a on a.name = e.extname"
        " where e.extname <> 'plpgsql' order by e.extname"
    )
    return tuple(Part(name, version, real=MARK not in comment) for name, version, comment in rows)
