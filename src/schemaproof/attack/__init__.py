"""Attacks on a filled database: who attacks, with which statements, what they reached, and what let them through."""

from schemaproof.attack.admission import Admission, admit, promote
from schemaproof.attack.arena import Arena, open_arena
from schemaproof.attack.attackers import Attacker, Players
from schemaproof.attack.borrowing import Borrowing, borrow
from schemaproof.attack.campaign import Campaign, Cell, Kind
from schemaproof.attack.forms import probes
from schemaproof.attack.interference import Difference, interfere
from schemaproof.attack.reach import Reach, standing_as, views_attacked, visible
from schemaproof.attack.routines import injected, routines_attacked, suspects
from schemaproof.attack.script import script
from schemaproof.attack.sessions import Reuse, prepared, setting_for_long, sticky
from schemaproof.attack.shadows import Shadow, shadowed
from schemaproof.attack.strangers import ROLE_CLAIM
from schemaproof.attack.trial import Outcome, assault
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
    "Difference",
    "Held",
    "Kind",
    "Outcome",
    "Players",
    "Reach",
    "Reuse",
    "Shadow",
    "Verdict",
    "admit",
    "assault",
    "borrow",
    "injected",
    "interfere",
    "judge",
    "open_arena",
    "paste",
    "prepared",
    "probes",
    "promote",
    "routines_attacked",
    "script",
    "setting_for_long",
    "shadowed",
    "standing_as",
    "sticky",
    "suspects",
    "views_attacked",
    "visible",
]
