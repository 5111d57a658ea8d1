"""What reports have in common: which findings count, of which check, and where a forge sees them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

__all__ = [
    "LEVELS",
    "Document",
    "by_check",
    "counted",
    "failed_tests",
    "harm_of",
    "levels_of",
    "open_findings",
    "place_of",
    "proved_by",
    "singular",
    "status_of",
    "verdict_of",
    "weigh",
    "word_of",
]

Document: TypeAlias = Mapping[str, Any]
LEVELS = ("error", "warning", "note")
_HARMS = {
    "coverage": "A requirement that everybody believes to be tested, and nobody tests.",
    "exclusions": "What was accepted once, and is not there any more, hides what comes back under its name.",
    "baseline": "What was known once, and is not there any more, hides what comes back under its name.",
    "suites": "A test of the project's own suites fails.",
    "history": "What has run somewhere is never run again, so that an edit of it, or a file put in before it, is lost.",
    "locks": "A migration stops those who read or write, for as long as it copies, reads or builds what they use.",
    "squawk": "What squawk says of the text.",
    "plans": "A query that was quick is not any more.",
    "queries": "A query of the project's catalogue fails, and so does the product that asks it.",
    "widened": "Somebody may do or reach what he could not, and the reviewer does not see it.",
    "incompatible": "What clients of today call by name, leave out or rely on is gone when the migration has run.",
    "loosened": "What guarded the rows is taken away, and whoever reads the change of the schema does not see it.",
    "narrowed": "Somebody reaches his own rows no more, and the reviewer does not see it.",
}


def open_findings(document: Document) -> list[Document]:
    """Return the findings that the project neither accepts nor knows."""
    return [found for found in document["findings"] if found["excluded"] is None and not found["known"]]


def by_check(document: Document) -> Iterator[tuple[str, list[Document]]]:
    """Yield the names of the checks with open findings, each with them by weight: the heaviest of all come first.

    Checks of one weight stand in the order in which they ran.
    """
    findings = open_findings(document)
    names = dict.fromkeys([*(check["name"] for check in document["checks"]), *(found["check"] for found in findings)])
    groups = [(name, sorted((found for found in findings if found["check"] == name), key=weigh)) for name in names]
    yield from sorted(((name, mine) for name, mine in groups if mine), key=lambda group: weigh(group[1][0]))


def weigh(found: Document) -> int:
    """Sort key: the heaviest first."""
    return LEVELS.index(found["level"])


def failed_tests(document: Document) -> list[Document]:
    """Return the project's own tests that did not pass and were not skipped."""
    return [test for test in document["tests"] if test["outcome"] in ("failed", "error")]


def harm_of(document: Document, check: str) -> str:
    """Return what a check prevents: what it says itself, or what is known of findings that no check yields."""
    known = {**_HARMS, **document.get("gate", {}).get("harms", {})}
    said = (each["harm"] for each in document["checks"] if each["name"] == check)
    return str(next(said, known.get(check, check)))


def place_of(document: Document, file: str | None) -> str:
    """Return a file as the forge names it, from the top of the repository; the settings' for what has no file.

    One outside the settings' folder is told from the top of its own repository, else from the current folder.
    """
    target = document["target"]
    inside = file or target["settings"] or target["migrations"]
    if inside.startswith("/"):
        return _shortened(Path(inside))
    return f"{target['root']}/{inside}" if target["root"] else str(inside)


def _shortened(path: Path) -> str:
    top = next((folder for folder in path.parents if (folder / ".git").exists()), Path.cwd())
    for each in (path, path.resolve()):
        if each.is_relative_to(top):
            return each.relative_to(top).as_posix()
    return path.as_posix()


def levels_of(findings: Iterable[Document]) -> str:
    """`2 errors, 1 warning`; empty without findings."""
    counts = Counter(found["level"] for found in findings)
    return ", ".join(counted(counts[level], f"{level}s") for level in LEVELS if counts[level])


def proved_by(check: Document) -> str:
    """What a check looked at, counted; or why it does not apply, or what broke it."""
    return check["reason"] or ", ".join(counted(number, what) for what, number in check["proved"].items())


def status_of(document: Document, check: Document) -> str:
    """Return how a check ended; `accepted` where all of its errors are excluded or known."""
    errors = (found["check"] == check["name"] and found["level"] == "error" for found in open_findings(document))
    return "accepted" if check["status"] == "failed" and not any(errors) else str(check["status"])


def word_of(document: Document) -> str:
    """Return the verdict in words: nothing was proved where none of the checks beside `build` applied.

    Of a change that touches no migration, there is nothing to prove.
    """
    if document["verdict"] != "clean":
        return "not proved"
    if "gate" in document and not document["gate"]["migrations"]:
        return "nothing to prove"
    asked = [check for check in document["checks"] if check["name"] != "build"]
    idle = asked and all(check["status"] == "not_applicable" for check in asked) and not document["tests"]
    return "nothing was proved" if idle else "proved"


def verdict_of(document: Document) -> tuple[str, str]:
    """Return the word, and what was found, accepted, known and left out."""
    findings = open_findings(document)
    excluded = sum(found["excluded"] is not None for found in document["findings"])
    known = len(document["findings"]) - len(findings) - excluded
    skipped = [check["name"] for check in document["checks"] if check["status"] == "not_applicable"]
    told = [
        levels_of(findings) or ("no new findings" if known else "no findings"),
        f"{counted(len(failed), 'tests')} failed" if (failed := failed_tests(document)) else "",
        f"{excluded} excluded" if excluded else "",
        f"{known} known ({'of the base' if 'gate' in document else 'in the baseline'})" if known else "",
        f"not applicable: {', '.join(skipped)}" if skipped and "gate" not in document else "",
    ]
    return word_of(document), f"{', '.join(filter(None, told))} in {document['seconds']:.1f} s"


def counted(number: int, plural: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {singular(plural) if number == 1 else plural}"


def shortened(names: Sequence[str], most: int = 6) -> str:
    """The first names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def singular(plural: str) -> str:
    """`error` of `errors`, `policy` of `policies`, `index` of `indexes`."""
    if plural.endswith("ies"):
        return f"{plural.removesuffix('ies')}y"
    return plural.removesuffix("es" if plural.endswith("xes") else "s")
