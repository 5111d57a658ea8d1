"""EXPLAIN as an object: how a statement is carried out, by whom it is asked, and what can be claimed of it."""

from schemaproof.plan.ablation import Ablation, ablate, without
from schemaproof.plan.claims import Claim
from schemaproof.plan.explain import Explainer, Mode, Nested, Probe, Statement
from schemaproof.plan.node import Node
from schemaproof.plan.plan import Plan
from schemaproof.plan.settings import PINNED, pin

__all__ = ["PINNED", "Ablation", "Claim", "Explainer", "Mode", "Nested", "Node", "Plan", "Probe", "Statement", "ablate", "pin", "without"]
