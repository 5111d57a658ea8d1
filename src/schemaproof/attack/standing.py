"""An attacker at work: what comes before him is done, his identity is put on, and each statement starts from there."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.identity import acting_as

__all__ = ["standing_as"]


@contextmanager
def standing_as(arena: Arena, attacker: Attacker) -> Iterator[None]:
    """Put an attacker on and mark the point that each statement starts from."""
    with arena.trial():
        for statement in attacker.before:
            arena.connection.execute(statement.encode())
        with acting_as(arena.connection, attacker.identity):
            arena.wire.mark()
            yield
            arena.wire.forget()
