"""Waiting for another connection to reach a point, for tests of what happens at once."""

import time
from typing import Any

import psycopg

__all__ = ["await_lock", "await_value"]

_SECONDS = 30


def await_lock(watcher: psycopg.Connection[Any], pid: int) -> None:
    """Return once the backend `pid` waits for a lock."""
    await_value(watcher, "select cardinality(pg_blocking_pids(%s)) > 0", pid)


def await_value(watcher: psycopg.Connection[Any], query: str, *arguments: Any) -> None:
    """Return once `query` gives true; `watcher` sees what others commit."""
    deadline = time.monotonic() + _SECONDS
    while watcher.execute(query, arguments).fetchone() != (True,):
        assert time.monotonic() < deadline, f"it never came to be: {query}"
        time.sleep(0.002)
