"""Where and on what the run took place: server, what was real, data with its seed, pinned settings."""

from schemaproof.report.page.section import Document, Section

__all__ = ["surroundings"]


def surroundings(document: Document) -> Section:
    """Return the section, which every document has."""
    environment, target = document["environment"], document["target"]
    server = environment["server"]
    facts = {
        "PostgreSQL": f"{server['version']} ({server['kind']})",
        "Platform": environment["platform"]["name"],
        "Migrations": f"{len(target['versions'])} of {target['migrations']}",
        "Fingerprint": target["fingerprint"],
        "schemaproof": document["schemaproof"],
        "Python": environment["python"],
        "System": environment["system"],
        "Started": document["started"],
        "Seconds": f"{document['seconds']:,.1f}",
    }
    return Section(
        "environment",
        "Environment",
        "What the numbers hold for.",
        {
            "facts": facts,
            "parts": environment["platform"]["parts"],
            "profiles": document.get("profiles", ()),
            "settings": environment.get("settings", {}),
            "phases": document.get("phases", {}),
        },
    )
