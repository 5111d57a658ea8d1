"""What an attacker got out of one statement past the tables: through a view, a function, a setting."""

from dataclasses import dataclass

from schemaproof.attack.attackers import Attacker
from schemaproof.attack.wire import Answer

__all__ = ["Gain"]


@dataclass(frozen=True)
class Gain:
    """What one statement came to.

    Args:
        shown: values of the victim's that it showed, with the column of each.
        changed: tables in which it changed rows of the victim's.
    """

    attacker: Attacker
    statement: str
    answer: Answer
    shown: tuple[tuple[str, str], ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def harm(self) -> str:
        """What was reached, as part of a sentence; empty where nothing was."""
        if self.changed:
            return f"changes rows in {', '.join(self.changed)}"
        columns = sorted({place for _, place in self.shown})
        return f"shows {', '.join(columns[:3])}{' and more' if len(columns) > 3 else ''}" if columns else ""
