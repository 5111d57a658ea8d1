"""EXPLAIN as an object: how a statement is carried out, by whom it is asked, and what can be claimed of it."""

from schemaproof.plan.ablation import Ablation, ablate, without
from schemaproof.plan.claims import Claim
from schemaproof.plan.explain import Explainer
from schemaproof.plan.node import Node
from schemaproof.plan.plan import Plan
from schemaproof.plan.plans import Asked, Plans
from schemaproof.plan.probe import Mode, Nested, Probe, Question
from schemaproof.plan.settings import PINNED, pin
from schemaproof.plan.statement import Statement

__all__ = [
    "PINNED",
    "Ablation",
    "Asked",
    "Claim",
    "Explainer",
    "Mode",
    "Nested",
    "Node",
    "Plan",
    "Plans",
    "Probe",
    "Question",
    "Statement",
    "ablate",
    "pin",
    "without",
]
