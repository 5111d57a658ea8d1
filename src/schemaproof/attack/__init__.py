"""Attacks on a filled database: who attacks, with which statements, what they reached, and what let them through."""

from schemaproof.attack.arena import Arena, open_arena
from schemaproof.attack.attackers import Attacker, Players
from schemaproof.attack.admission import Admission, admit, promote
from schemaproof.attack.borrowing import Borrowing, borrow
from schemaproof.attack.campaign import Campaign, Cell, Kind
from schemaproof.attack.reach import Reach, standing_as, views_attacked, visible
from schemaproof.attack.routines import injected, routines_attacked, suspects
from schemaproof.attack.script import script
from schemaproof.attack.strangers import ROLE_CLAIM
from schemaproof.attack.trial import Outcome
from schemaproof.attack.verdict import Verdict, judge, paste
from schemaproof.attack.worlds import Held

__all__ = [
    "ROLE_CLAIM",
    "Admission",
    "Arena",
    "Attacker",
    "Borrowing",
    "Campaign",
    "Cell",
    "Held",
    "Kind",
    "Outcome",
    "Players",
    "Reach",
    "Verdict",
    "admit",
    "borrow",
    "injected",
    "judge",
    "open_arena",
    "paste",
    "promote",
    "routines_attacked",
    "script",
    "standing_as",
    "suspects",
    "views_attacked",
    "visible",
]
