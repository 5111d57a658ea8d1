"""Findings by check, the heaviest first, equal ones together; what is accepted or known is folded."""

from collections.abc import Iterable

from schemaproof.report.findings import harm_of
from schemaproof.report.groups import Group, grouped
from schemaproof.report.page.section import Document, Section, is_open

__all__ = ["findings"]

_LEVELS = ("error", "warning", "note")


def findings(document: Document) -> Section:
    """Return the section, which says so where there are none."""
    opened = [found for found in document["findings"] if is_open(found)]
    accepted = [found for found in document["findings"] if not is_open(found)]
    checks = {found["check"] for found in document["findings"]} if "checks" in document else ()
    harms = {check: harm_of(document, check) for check in checks}
    return Section(
        "findings",
        "Findings",
        "What is wrong, and what to do about it." if opened else "None.",
        {"opened": _by_check(opened), "accepted": _by_check(accepted), "harms": harms},
    )


def _by_check(found: Iterable[Document]) -> dict[str, list[Group]]:
    told: dict[str, list[Document]] = {}
    for each in sorted(found, key=lambda each: _LEVELS.index(each["level"])):
        told.setdefault(each["check"], []).append(each)
    return {check: grouped(each) for check, each in told.items()}
