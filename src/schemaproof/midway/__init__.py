"""Migrations interrupted: by a failure behind a statement, by a killed server, by a second runner."""

from schemaproof.midway.kill import Kills, prove_kills, sample_kills
from schemaproof.midway.proof import Midway, Proof, prove_interruptions
from schemaproof.midway.race import prove_race

__all__ = ["Kills", "Midway", "Proof", "prove_interruptions", "prove_kills", "prove_race", "sample_kills"]
