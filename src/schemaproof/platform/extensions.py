"""The extensions that schemaproof emulates in SQL: files to add to an installation, and what a database has of them."""

from pathlib import Path
from typing import Any

import psycopg

from schemaproof.platform.part import Part
from schemaproof.server import EmulatedExtension

__all__ = ["EMULATED", "extension_parts"]

_FOLDER = Path(__file__).parent / "emulated"
_MARK = "(schemaproof)"


def _read_emulated() -> tuple[EmulatedExtension, ...]:
    return tuple(
        EmulatedExtension(
            control.stem,
            (control, *sorted(_FOLDER.glob(f"{control.stem}--*.sql"))),
            # The real pg_cron works in one database of a server only, so clones need the emulated one.
            replaces_real=control.stem == "pg_cron",
        )
        for control in sorted(_FOLDER.glob("*.control"))
    )


EMULATED = _read_emulated()


def extension_parts(connection: psycopg.Connection[Any]) -> tuple[Part, ...]:
    """Return the extensions of the database; an emulated one has a marked control file, or none on a DSN's server."""
    rows = connection.execute(
        "select e.extname, e.extversion, coalesce(a.comment, %(mark)s) from pg_catalog.pg_extension as e"
        " left join pg_catalog.pg_available_extensions as a on a.name = e.extname"
        " where e.extname <> 'plpgsql' order by e.extname",
        {"mark": _MARK},
    )
    return tuple(Part(name, version, real=_MARK not in comment) for name, version, comment in rows)
