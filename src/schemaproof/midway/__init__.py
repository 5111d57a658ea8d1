"""Migrations interrupted: by a failure behind a statement, by a killed server, by a second runner."""

from schemaproof.midway.proof import Midway, Proof, prove_interruptions
from schemaproof.midway.race import prove_race

__all__ = ["Midway", "Proof", "prove_interruptions", "prove_race"]
