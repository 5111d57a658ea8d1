"""The behaviour matrix: what every identity reached of every object, by each command."""

from dataclasses import dataclass

from schemaproof.report.page.section import Document, Section

__all__ = ["Row", "behaviour"]

_COMMANDS = ("select", "insert", "update", "delete", "merge")


@dataclass(frozen=True)
class Row:
    """An object; a cell an identity, in which each command has its outcome, or None where it was not tried."""

    object: str
    cells: tuple[tuple[Document | None, ...], ...]


def behaviour(document: Document) -> Section | None:
    """Return the section; None where no check attacked anything."""
    if not document.get("matrix"):
        return None
    found = {(cell["object"], cell["identity"], cell["command"]): cell for cell in document["matrix"]}
    objects = dict.fromkeys(cell["object"] for cell in document["matrix"])
    identities = tuple(dict.fromkeys(cell["identity"] for cell in document["matrix"]))
    commands = [command for command in _COMMANDS if any(each == command for _, _, each in found)]
    rows = [
        Row(name, tuple(tuple(found.get((name, who, command)) for command in commands) for who in identities))
        for name in objects
    ]
    return Section(
        "behaviour",
        "Behaviour: who reaches what",
        "What each identity reached of each object's rows, by each command; its title is the outcome.",
        {"rows": rows, "identities": identities, "commands": commands, "tenancy": document["tenancy"]},
    )
