"""Settings that decide plans, pinned so that the same data has the same plans on every machine."""

from collections.abc import Mapping
from types import MappingProxyType

import psycopg

__all__ = ["PINNED", "pin"]

# Costs of a server on solid-state storage with 4 GB of cache (manual, Planner Cost Constants). Parallel workers and JIT
# hang on the machine's cores and on costs that are near a threshold; autovacuum changes statistics in mid-run.
PINNED: Mapping[str, str] = MappingProxyType(
    {
        "jit": "off",
        "max_parallel_workers_per_gather": "0",
        "seq_page_cost": "1",
        "random_page_cost": "1.1",
        "cpu_tuple_cost": "0.01",
        "cpu_index_tuple_cost": "0.005",
        "cpu_operator_cost": "0.0025",
        "effective_cache_size": "4GB",
        "work_mem": "4MB",
        "hash_mem_multiplier": "2",
        "geqo": "off",
        "track_io_timing": "off",
        "TimeZone": "UTC",
        "lc_messages": "C",
    }
)


def pin(connection: psycopg.Connection) -> None:
    """Pin a session's settings; in a transaction they are gone again when it is rolled back."""
    for name, value in PINNED.items():
        connection.execute("select set_config(%s, %s, false)", [name, value])
