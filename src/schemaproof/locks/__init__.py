"""What locks a migration takes of what users have, what takes long under them, and how a workload stalls meanwhile."""

from schemaproof.locks.harms import FEW_ROWS, findings
from schemaproof.locks.model import Build, Held, Step, Trace
from schemaproof.locks.proof import prove_locks
from schemaproof.locks.tracing import trace

__all__ = ["FEW_ROWS", "Build", "Held", "Step", "Trace", "findings", "prove_locks", "trace"]
