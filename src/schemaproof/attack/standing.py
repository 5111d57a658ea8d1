"""An attacker at work: what comes before him is done, his identity is put on, and each statement starts from there."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.identity import put_on

__all__ = ["standing_as"]


@contextmanager
def standing_as(arena: Arena, attacker: Attacker) -> Iterator[None]:
    """Put an attacker on and mark the point that each statement starts from; all of it is undone afterwards."""
    with arena.trial():
        for statement in attacker.before:
            arena.connection.execute(statement.encode())
        put_on(arena.connection, attacker.identity, arena.role_settings(attacker.identity.role))
        arena.wire.mark()
        yield
