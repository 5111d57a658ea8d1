"""House rules of names, comments and forms, for a project that asks for them."""

from collections.abc import Iterator
from pathlib import Path

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Finding, Level

__all__ = ["RULES", "conventions"]

_QUERY = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
RULES = {
    "constraint_names": "Rename it: <table>_pkey, <table>_<referenced>_fkey, <table>_<what>_key; a check is a claim.",
    "index_names": "alter index … rename to <table>_<first column that tells>_idx, or _key where it is unique;",
    "policy_names": "alter policy … rename to <command>_<audience>;",
    "policy_commands": "Write a policy for each command that is granted.",
    "policy_roles": "alter policy … to the role that it is for;",
    "time_zones": "alter table … alter column … type timestamptz;",
    "closed_sets": "Make it text with a check: operators of enums are not leakproof.",
    "documents": "add check (jsonb_typeof(…) = 'object'), with a limit of its size.",
    "text_limits": "add check (char_length(…) <= …).",
    "set_null_columns": "Write on delete set null (column).",
    "row_security": "alter table … enable row level security; alter table … force row level security;",
    "definer_paths": "alter function … set search_path = '';",
    "comments": "comment on … is '…';",
}


@check(level=Level.WARNING)
def conventions(context: Context) -> Iterator[Finding]:
    """A reader is surprised, and a script that builds on the house's names and comments breaks.

    Only for a project that asks for it: `conventions = true` in its settings holds it to all rules, a list of rules to
    those.
    """
    wanted = context.target.conventions
    if wanted is False or wanted == ():
        raise NotApplicable("the settings ask for no house rules (conventions)")
    rules = tuple(RULES) if wanted is True else wanted
    for rule in rules:
        if rule not in RULES:
            remedy = did_you_mean(rule, RULES, otherwise=f"Rules: {', '.join(RULES)}.")
            raise UsageError(f"no convention is called {rule!r} (settings, `conventions`)", remedy=remedy)
    for found in context.read(_QUERY, rules=list(rules)):
        if not found.rule:
            context.count("objects", found.objects, f"there is nothing in {', '.join(context.schemas)}")
            continue
        yield Finding(
            "conventions",
            found.label,
            f"the {found.kind} {found.label} {found.what}",
            RULES[found.rule],
            level=Level.WARNING,
            location=context.locate(found.kind, found.label),
            key=f"conventions:{found.rule}:{found.label}",
        )
