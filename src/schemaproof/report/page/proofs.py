"""Checks, tests and requirements: what was proved, and by what."""

from collections import Counter

from schemaproof.report.page.section import Document, Section

__all__ = ["checks", "requirements", "tests"]

_BAD = ("failed", "error")


def checks(document: Document) -> Section | None:
    """Return the section; None for a document without checks."""
    if not document.get("checks"):
        return None
    return Section("checks", "Checks", "Each is one kind of harm.", {"checks": document["checks"]})


def tests(document: Document) -> Section | None:
    """Return the project's own tests by file, with the failed ones in full; None where none ran."""
    if not document.get("tests"):
        return None
    modules: dict[str, list[Document]] = {}
    for test in document["tests"]:
        modules.setdefault(test["id"].partition("::")[0], []).append(test)
    counted = {name: Counter(test["outcome"] for test in each) for name, each in modules.items()}
    return Section(
        "tests",
        "Tests",
        "The project's own suites, on the same server.",
        {
            "modules": {name: (counted[name], sum(test["seconds"] for test in each)) for name, each in modules.items()},
            "failed": [test for test in document["tests"] if test["outcome"] in _BAD],
            "skipped": [test for test in document["tests"] if test["outcome"] == "skipped"],
        },
    )


def requirements(document: Document) -> Section | None:
    """Return the section; None where the project has no table of requirements."""
    if not document["requirements"]:
        return None
    counts = Counter(clause["status"] for clause in document["requirements"])
    return Section(
        "requirements",
        "Requirements",
        ", ".join(f"{number} {status}" for status, number in counts.items()) + ".",
        {"clauses": document["requirements"]},
    )
