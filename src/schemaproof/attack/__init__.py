"""Attacks on a filled database: who attacks, with which statements, what they reached, and what let them through."""

from schemaproof.attack.admission import Admission, admit, promote
from schemaproof.attack.arena import Arena, Filled, enter_arena, lend_filled, open_arena
from schemaproof.attack.attackers import Attacker, Players
from schemaproof.attack.borrowing import Borrowing, borrow
from schemaproof.attack.campaign import Campaign, Cell, Kind
from schemaproof.attack.forms import probes
from schemaproof.attack.functions import functions_attacked, injected, suspects
from schemaproof.attack.gain import Gain
from schemaproof.attack.interference import Difference, interfere
from schemaproof.attack.legend import Legend
from schemaproof.attack.script import paste, said, script
from schemaproof.attack.sessions import Reuse, prepared, setting_for_long, sticky
from schemaproof.attack.shadows import Shadow, shadowed
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import insertion, quoted, reading, setting, text
from schemaproof.attack.tokens import ROLE_CLAIM
from schemaproof.attack.trial import Outcome, assault
from schemaproof.attack.verdict import Verdict, judge
from schemaproof.attack.views import views_attacked
from schemaproof.attack.wire import ENDED, TIMEOUT, Answer
from schemaproof.attack.worlds import NOBODY, Held

__all__ = [
    "ENDED",
    "NOBODY",
    "ROLE_CLAIM",
    "TIMEOUT",
    "Admission",
    "Answer",
    "Arena",
    "Attacker",
    "Borrowing",
    "Campaign",
    "Cell",
    "Difference",
    "Filled",
    "Gain",
    "Held",
    "Kind",
    "Legend",
    "Outcome",
    "Players",
    "Reuse",
    "Shadow",
    "Verdict",
    "admit",
    "assault",
    "borrow",
    "enter_arena",
    "functions_attacked",
    "injected",
    "insertion",
    "interfere",
    "judge",
    "lend_filled",
    "open_arena",
    "paste",
    "prepared",
    "probes",
    "promote",
    "quoted",
    "reading",
    "said",
    "script",
    "setting",
    "setting_for_long",
    "shadowed",
    "standing_as",
    "sticky",
    "suspects",
    "text",
    "views_attacked",
]
