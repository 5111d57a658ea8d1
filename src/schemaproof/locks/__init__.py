"""What locks a migration takes of what users have, what takes long under them, and how a workload stalls meanwhile."""

from schemaproof.locks.fire import Breakage, Fire, Passage, Stall, under_fire
from schemaproof.locks.harms import FEW_ROWS, findings
from schemaproof.locks.model import Build, Held, Step, Trace
from schemaproof.locks.proof import prove_locks
from schemaproof.locks.queue import Queue, queue_behind
from schemaproof.locks.tracing import trace

__all__ = [
    "FEW_ROWS",
    "Breakage",
    "Build",
    "Fire",
    "Held",
    "Passage",
    "Queue",
    "Stall",
    "Step",
    "Trace",
    "findings",
    "prove_locks",
    "queue_behind",
    "trace",
    "under_fire",
]
