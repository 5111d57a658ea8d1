"""What every run has in common: the lock, the ledger as it stands, and a session that is put back to how it came."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import psycopg

from schemaproof.migrations.connection import Origin, is_idle, refuse_busy
from schemaproof.migrations.ledger import Entry, read_ledger
from schemaproof.migrations.lock import exclusive
from schemaproof.migrations.script import Migration

__all__ = ["OnStep", "OnWait", "Step", "run_of", "told"]


@dataclass(frozen=True)
class Step:
    """What a run does with a migration: told when it starts (`seconds` is None) and when it has ended."""

    migration: Migration
    action: Literal["apply", "revert"]
    seconds: float | None = None


OnStep = Callable[[Step], None]
OnWait = Callable[[str], None]


@contextmanager
def run_of(connection: psycopg.Connection[Any], on_wait: OnWait | None) -> Iterator[tuple[Origin, Mapping[str, Entry]]]:
    """Hold the lock, and lend the connection's origin and the ledger as it stands under the lock."""
    refuse_busy(connection)
    origin = Origin.of(connection)
    try:
        with exclusive(connection, on_wait=on_wait):
            yield origin.watched(connection), read_ledger(connection)
    finally:
        if is_idle(connection):
            origin.restore(connection)


@contextmanager
def told(on_step: OnStep | None, migration: Migration, action: Literal["apply", "revert"]) -> Iterator[None]:
    """Tell `on_step` when the step starts, and when it has ended well."""
    started = time.monotonic()
    if on_step:
        on_step(Step(migration, action))
    yield
    if on_step:
        on_step(Step(migration, action, time.monotonic() - started))
