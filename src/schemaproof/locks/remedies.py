"""The safe way to what a statement does, and what a lock stops, in words."""

from collections.abc import Iterable, Mapping

from schemaproof.locks.model import ACCESS_EXCLUSIVE

__all__ = ["blocks", "mode_name", "remedy"]

_LATER = "PostgreSQL then only marks it; VALIDATE CONSTRAINT in a later migration reads the rows and stops nobody."
_FILL = "fill it in batches in a migration of its own"
_NEW_TABLE = "Make a new table of that kind, copy in batches, and switch names."
_UNIQUE = "CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then"
_UNTIL_END = "the locks of what stands before it last until the file ends."

_REMEDIES: Mapping[str, Mapping[str, str]] = {
    "rewrite": {
        "alter column type": "Add a column of the new type, keep both in step by a trigger, "
        f"{_FILL}, switch, and drop the old one later. Widening varchar, or varchar to text, rewrites nothing.",
        "add column": f"Add the column without that default, set the default in a second statement, and {_FILL}. "
        "A constant default, now() among them, rewrites nothing; a stored generated column does.",
        "set expression": f"Add a plain column, keep it by a trigger, and {_FILL}.",
        "vacuum": "Use pg_repack or pg_squeeze, or plain VACUUM.",
        "cluster": "Use pg_repack or pg_squeeze.",
        "set logged": _NEW_TABLE,
        "set unlogged": _NEW_TABLE,
        "set access method": _NEW_TABLE,
        "set tablespace": "Use pg_repack, which moves a table while it is used.",
        "refresh materialized view": "Refresh it CONCURRENTLY, which takes a unique index on it.",
    },
    "build": {
        "create index": "CREATE INDEX CONCURRENTLY, in a file of its own.",
        "reindex": "REINDEX … CONCURRENTLY, in a file of its own.",
        "add unique": f"{_UNIQUE} ADD CONSTRAINT … UNIQUE USING INDEX.",
        "add primary key": f"Have the columns NOT NULL, {_UNIQUE} ADD CONSTRAINT … PRIMARY KEY USING INDEX.",
        "add exclusion": "Nothing adds it without stopping writers: do it in a maintenance window, or on a new table.",
    },
    "scan": {
        "set not null": "ADD CONSTRAINT … CHECK (column is not null) NOT VALID, VALIDATE CONSTRAINT in a later "
        "migration, and only then SET NOT NULL, which then reads nothing; drop the check.",
        "add check": f"ADD CONSTRAINT … NOT VALID. {_LATER}",
        "add foreign key": f"ADD CONSTRAINT … FOREIGN KEY … NOT VALID. {_LATER}",
        "attach partition": "Add a CHECK that equals the partition's bounds NOT VALID, validate it in a migration "
        "before this one, then attach: nothing is read.",
        "validate constraint": f"Put VALIDATE CONSTRAINT into a migration of its own: {_UNTIL_END}",
        "alter column type": "Drop the check that has to be read again, change the type, and add it NOT VALID.",
    },
}
_OTHERWISE = {
    "rewrite": f"Make the new form beside the old one, {_FILL}, and switch.",
    "build": "Build the index CONCURRENTLY, in a file of its own.",
    "scan": "Put the statement into a migration of its own, so that it reads while no such lock is held.",
    "backfill": f"Put it into a later migration of its own, in batches: {_UNTIL_END}",
}
_NAMES = {
    "AccessShareLock": "ACCESS SHARE",
    "RowShareLock": "ROW SHARE",
    "RowExclusiveLock": "ROW EXCLUSIVE",
    "ShareUpdateExclusiveLock": "SHARE UPDATE EXCLUSIVE",
    "ShareLock": "SHARE",
    "ShareRowExclusiveLock": "SHARE ROW EXCLUSIVE",
    "ExclusiveLock": "EXCLUSIVE",
    ACCESS_EXCLUSIVE: "ACCESS EXCLUSIVE",
}


def remedy(harm: str, done: Iterable[str]) -> str:
    """Return the safe way for a harm (`rewrite`, `build`, `scan`, `backfill`) of a statement that does these things."""
    known = _REMEDIES.get(harm, {})
    return next((known[each] for each in done if each in known), _OTHERWISE[harm])


def mode_name(mode: str) -> str:
    """Return a lock's mode as the manual writes it."""
    return _NAMES.get(mode, mode)


def blocks(mode: str) -> str:
    """Return whom a lock stops."""
    return "readers and writers" if mode == ACCESS_EXCLUSIVE else "writers"
