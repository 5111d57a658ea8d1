"""What a change does, of the gate's document: what is compared, what becomes of the database, locks, and clients."""

from schemaproof.report.gate import locks_of, objects_of, plans_of, reach_of, sides_of, steps_of
from schemaproof.report.page.section import Document, Section

__all__ = ["change"]

_TONES = {"+": "good", "-": "bad", "~": "plain"}


def change(document: Document) -> Section | None:
    """Return the section; None for a document of another command."""
    if "gate" not in document:
        return None
    reach = [(line[0], line[2:]) for line in reach_of(document)]
    return Section(
        "change",
        "The change",
        ", ".join(f"{name}: {told}" for name, told in sides_of(document)) + ".",
        {
            "steps": list(steps_of(document)),
            "objects": [(head[0], head[2:], _TONES[head[0]], text) for head, text in objects_of(document)],
            "reach": [(sign, told, "bad" if sign == "+" else "plain") for sign, told in reach],
            "locks": list(locks_of(document)),
            "plans": plans_of(document),
        },
    )
