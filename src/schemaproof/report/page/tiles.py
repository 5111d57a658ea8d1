"""The verdict strip: what counts, in a few numbers."""

from collections import Counter
from dataclasses import dataclass

from schemaproof.report.findings import word_of
from schemaproof.report.page.section import Document, is_open

__all__ = ["Tile", "tiles"]

_OF_BENCH = {True: "proved", False: "not proved"}


@dataclass(frozen=True)
class Tile:
    """One number of the strip; `tone` is good, bad or plain, and `anchor` the section that says more."""

    name: str
    value: str
    label: str
    tone: str
    anchor: str


def tiles(document: Document) -> list[Tile]:
    """Return the numbers of the strip, verdict first."""
    clean = document["verdict"] == "clean"
    errors = any(found["level"] == "error" and is_open(found) for found in document["findings"])
    said_by = "findings" if clean or errors else "tests"
    bench = document.get("kind") == "bench"
    word = _OF_BENCH[clean] if bench else word_of(document)
    verdict = Tile("verdict", word, "verdict", "plain" if word == "nothing was proved" else _tone(clean), said_by)
    own = _of_bench(document) if bench else _of_check(document)
    return [verdict, *_findings(document), *own, *_requirements(document)]


def _findings(document: Document) -> list[Tile]:
    levels = Counter(found["level"] for found in document["findings"] if is_open(found))
    accepted = sum(not is_open(found) for found in document["findings"])
    return [
        Tile("errors", str(levels["error"]), "errors", _tone(not levels["error"]), "findings"),
        Tile("warnings", str(levels["warning"] + levels["note"]), "warnings and notes", "plain", "findings"),
        *([Tile("accepted", str(accepted), "accepted or known", "plain", "findings")] if accepted else []),
    ]


def _of_bench(document: Document) -> list[Tile]:
    broken = {found["query"] for found in document["measurements"] if found["broken"]}
    exempt = [index for index in document["indexes"] if index["verdict"] in ("constraint", "enforces")]
    needed = sum(index["verdict"] == "needed" for index in document["indexes"])
    asked = len(document["indexes"]) - len(exempt)
    queries = len(document["queries"])
    status = document["baseline"]["status"]
    return [
        Tile("queries", f"{queries - len(broken)}/{queries}", "queries within limits", _tone(not broken), "usage"),
        Tile("indexes", f"{needed}/{asked}", "indexes needed", _tone(needed == asked), "necessity"),
        Tile("baseline", status.replace("_", " "), "baseline", "bad" if status == "changed" else "plain", "findings"),
    ]


def _of_check(document: Document) -> list[Tile]:
    ran = [check for check in document["checks"] if check["status"] != "not_applicable"]
    passed = sum(check["status"] == "passed" for check in ran)
    probes = sum(check["proved"].get("probes", 0) for check in ran)
    return [
        Tile("checks", f"{passed}/{len(ran)}", "checks passed", _tone(passed == len(ran)), "checks"),
        *([Tile("probes", f"{probes:,}", "probes", "plain", "behaviour")] if probes else []),
        *_tests(document),
    ]


def _tests(document: Document) -> list[Tile]:
    outcomes = Counter(test["outcome"] for test in document["tests"])
    if not outcomes:
        return []
    good = not outcomes["failed"] + outcomes["error"]
    ran = outcomes.total() - outcomes["skipped"]
    return [Tile("tests", f"{outcomes['passed']:,}/{ran:,}", "tests passed", _tone(good), "tests")]


def _requirements(document: Document) -> list[Tile]:
    clauses = document["requirements"]
    proved = sum(clause["status"] == "proved" for clause in clauses)
    good = not any(clause["status"] == "failed" for clause in clauses)
    label = "requirements proved"
    return [Tile("requirements", f"{proved}/{len(clauses)}", label, _tone(good), "requirements")] if clauses else []


def _tone(good: bool) -> str:
    return "good" if good else "bad"
