"""All attackers against all tables of an arena, once a run; the checks take what is theirs from the outcomes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker, Players
from schemaproof.attack.doors import back_doors
from schemaproof.attack.endings import memberships
from schemaproof.attack.forms import forms, probes
from schemaproof.attack.tokens import odd_tokens
from schemaproof.attack.trial import Outcome, assault
from schemaproof.attack.worlds import NOBODY, Held
from schemaproof.surface import Relation

__all__ = ["Campaign", "Cell", "Kind"]

_COMMANDS = ("select", "insert", "update", "delete", "merge")


class Kind(StrEnum):
    """What an attacker tries to get by with."""

    MEMBER = "member"
    ELEVATED = "elevated"
    STRANGER = "stranger"
    TOKEN = "token"  # noqa: S105 - a kind, no secret
    MEMBERSHIP = "membership"
    BACK_DOOR = "back door"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Cell:
    """One cell of the behaviour matrix.

    Args:
        victim: whose rows were attacked.
        worst: the statement that reached most, or else came closest to be unclear.
        unclear: one that ended in an error that proves nothing, although it succeeds for the rows' owner.
    """

    relation: Relation
    command: str
    attacker: Attacker
    kind: Kind
    victim: str
    worst: Outcome
    unclear: Outcome | None = None
    outcomes: tuple[Outcome, ...] = field(default=(), repr=False)

    @property
    def reached(self) -> bool:
        """Tell whether rows of others were reached."""
        return bool(self.worst.reached)


@dataclass
class Campaign:
    """The outcomes of an arena.

    Args:
        cells: by relation, command and attacker.
        controls: the best outcome of the rows' owner, by relation and command.
        served: the statements that succeeded for the rows' owner.
    """

    arena: Arena
    cells: list[Cell] = field(default_factory=list)
    controls: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)
    _index: dict[tuple[str, str, Attacker], Cell] = field(default_factory=dict)
    _tables: dict[tuple[str, str], list[Cell]] = field(default_factory=dict)
    _counted: int = 0

    @classmethod
    def run(cls, arena: Arena) -> "Campaign":
        """Attack every table that holds tenants' rows."""
        campaign = cls(arena)
        if len(arena.worlds) > 1:
            campaign._control()
            for kind, attacker, victim in _attackers(arena):
                campaign._attack(kind, attacker, victim)
        return campaign

    @property
    def probes(self) -> int:
        """How many statements were run."""
        return self.arena.wire.sent

    def of(self, *kinds: Kind) -> Iterator[Cell]:
        """Return the cells of these kinds of attackers."""
        return (cell for cell in self.cells if cell.kind in kinds)

    def cell(self, label: str, command: str, attacker: Attacker) -> Cell | None:
        """Return one cell."""
        if len(self._index) != len(self.cells):
            self._index = {(c.relation.label, c.command, c.attacker): c for c in self.cells}
        return self._index.get((label, command, attacker))

    def reads_or_changes(self, label: str) -> bool:
        """Tell whether anybody reached rows of others in a table by anything but an INSERT."""
        return any(
            cell.reached for command in _COMMANDS if command != "insert" for cell in self._by_table(label, command)
        )

    def _by_table(self, label: str, command: str) -> list[Cell]:
        if self._counted != len(self.cells):
            self._tables, self._counted = {}, len(self.cells)
            for cell in self.cells:
                self._tables.setdefault((cell.relation.label, cell.command), []).append(cell)
        return self._tables.get((label, command), [])

    def visible_to(self, attacker: Attacker) -> Iterator[Held]:
        """Yield the rows of others that an attacker sees in the tables anyway."""
        for cell in self.of(Kind.MEMBER, Kind.STRANGER, Kind.ELEVATED):
            if cell.attacker.name == attacker.name and cell.command == "select":
                for outcome in cell.outcomes:
                    yield from outcome.leaked

    def _control(self) -> None:
        """The rows' owners run the statements: first one user, then others where that one reaches nothing."""
        players = Players(self.arena)
        owners = [*players.users(self.arena.worlds[1])]
        owners.sort(key=lambda attacker: attacker.elevated)
        for owner in (*owners, *filter(None, (players.privileged(self.arena.worlds[1]), players.service()))):
            own = Attacker(owner.identity, "B", owner.elevated)
            left = [relation for relation in self.arena.owned if self._wanting(relation, own.identity.role)]
            for outcome in assault(self.arena, own, left, forms, victim="B", own=True):
                self._note_control(outcome)

    def _wanting(self, relation: Relation, role: str) -> bool:
        return any(
            relation.lets(role, command) and not self._controlled(relation.label, command) for command in _COMMANDS[:4]
        )

    def _controlled(self, label: str, command: str) -> bool:
        best = self.controls.get((label, command))
        return best is not None and bool(best.reached)

    def _note_control(self, outcome: Outcome) -> None:
        key = (outcome.relation.label, outcome.form.command)
        known = self.controls.get(key)
        if known is None or outcome.reached > known.reached:
            self.controls[key] = outcome
        if outcome.reached:
            self.served.add(outcome.form.statement)

    def _attack(self, kind: Kind, attacker: Attacker, victim: str) -> None:
        chosen = probes if kind not in (Kind.MEMBER, Kind.STRANGER) else forms
        found: dict[tuple[str, str], list[Outcome]] = {}
        for outcome in assault(self.arena, attacker, self.arena.owned, chosen, victim=victim):
            found.setdefault((outcome.relation.label, outcome.form.command), []).append(outcome)
        self.cells.extend(self._cell(kind, attacker, victim, outcomes) for outcomes in found.values())

    def _cell(self, kind: Kind, attacker: Attacker, victim: str, outcomes: Sequence[Outcome]) -> Cell:
        worst = max(outcomes, key=lambda outcome: (outcome.reached, not outcome.denied))
        unclear = next((outcome for outcome in outcomes if self._is_unclear(kind, outcome)), None)
        first = outcomes[0]
        return Cell(first.relation, first.form.command, attacker, kind, victim, worst, unclear, tuple(outcomes))

    def _is_unclear(self, kind: Kind, outcome: Outcome) -> bool:
        """Neither denied nor reached, although the same statement succeeds for the owner.

        A token that is no JSON or holds no key may be told so: data exceptions (class 22), and settings that are not
        there (42704).
        """
        sqlstate = outcome.answer.sqlstate or ""
        if sqlstate.startswith("23") and not outcome.form.targeted:
            return False  # what a constraint stopped was a row of the attacker's own
        if kind in (Kind.TOKEN, Kind.STRANGER) and sqlstate.startswith(("22", "42704")):
            return False
        return not outcome.reached and not outcome.denied and outcome.form.statement in self.served


def _attackers(arena: Arena) -> Iterator[tuple[Kind, Attacker, str]]:
    players = Players(arena)
    first = arena.worlds[0]
    users = sorted(players.users(first), key=lambda attacker: attacker.elevated)
    yield Kind.MEMBER, users[0], "B"
    for other in users[1:]:
        yield (Kind.ELEVATED if other.elevated else Kind.MEMBER), other, "B"
    for stranger in _strangers(players):
        yield Kind.STRANGER, stranger, "B"
    for other in players.others():
        yield Kind.MEMBER, other, "B"
    for kind, attackers in (
        (Kind.TOKEN, odd_tokens(arena)),
        (Kind.MEMBERSHIP, memberships(arena)),
        (Kind.BACK_DOOR, back_doors(arena)),
    ):
        for attacker, victim in attackers:
            yield kind, attacker, victim
    for attacker in (users[0], *_strangers(players)):
        yield Kind.NOBODY, attacker, NOBODY
    if stronger := players.stronger(first):
        yield Kind.MEMBER, stronger, "B"
    if privileged := players.privileged(first):
        yield Kind.ELEVATED, privileged, "B"


def _strangers(players: Players) -> Iterable[Attacker]:
    return filter(None, (players.anonymous(), players.claimless()))
