"""Base against head: what an earlier document says otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from schemaproof.report.findings import counted
from schemaproof.report.page.section import Document, Section, is_open

__all__ = ["Change", "changes"]

_ABSENT = "-"
# By this part of the pages may a plan differ without being told.
_ROOM = 0.1


@dataclass(frozen=True)
class Change:
    """One difference; `tone` is bad where the head is worse, good where it is better, else plain."""

    what: str
    name: str
    before: str
    after: str
    tone: str = "plain"


def changes(document: Document, base: Document) -> Section:
    """Return what differs; raises ValueError where the documents are of different commands."""
    kind = document.get("kind", "check")
    if base.get("kind", "check") != kind:
        raise ValueError(f"the base is of `schemaproof {base.get('kind', 'check')}`, the head of `schemaproof {kind}`")
    own = _of_bench if kind == "bench" else _of_check
    found = [*_findings(document, base), *own(document, base), *_states(document, base, "requirements", "id", "status")]
    lead = f"Against the run of {base['started']}, {counted(len(base['target']['versions']), 'migrations')}."
    return Section("changes", "Base against head", lead if found else f"{lead} No differences.", {"changes": found})


def _findings(document: Document, base: Document) -> Iterator[Change]:
    before, after = _opened(base), _opened(document)
    for key, found in after.items():
        if key not in before:
            tone = "bad" if found["level"] == "error" else "plain"
            yield Change("finding", found["summary"], _ABSENT, f"new {found['level']}", tone)
    for key, found in before.items():
        if key not in after:
            yield Change("finding", found["summary"], found["level"], "gone", "good")


def _opened(document: Document) -> dict[str, Document]:
    return {found["key"]: found for found in document["findings"] if is_open(found)}


def _of_check(document: Document, base: Document) -> Iterator[Change]:
    yield from _states(document, base, "checks", "name", "status")
    yield from _states(document, base, "tests", "id", "outcome")
    before, after = ({_cell(each): each["outcome"] for each in side["matrix"]} for side in (base, document))
    yield from _compared("behaviour", before, after, lambda _before, _after: "plain")


def _of_bench(document: Document, base: Document) -> Iterator[Change]:
    yield from _states(document, base, "indexes", "qualified", "verdict")
    before, after = (_plans(side, document["judged"]) for side in (base, document))
    for key in dict.fromkeys([*after, *before]):
        yield from _plan(key, before.get(key), after.get(key))


def _plans(side: Document, profile: str) -> dict[str, Document]:
    return {found["key"]: found for found in side["measurements"] if found["profile"] == profile}


def _plan(key: str, before: Document | None, after: Document | None) -> Iterator[Change]:
    if before is None or after is None:
        yield Change("plan", key, _ABSENT if before is None else "there", "new" if before is None else "gone")
        return
    if before["shape"] != after["shape"]:
        yield Change("plan", key, "\n".join(before["shape"]), "\n".join(after["shape"]))
    pages = before["buffers"], after["buffers"]
    if None not in pages and abs(pages[1] - pages[0]) > _ROOM * pages[0]:
        yield Change("pages", key, f"{pages[0]:,}", f"{pages[1]:,}", "bad" if pages[1] > pages[0] else "good")


def _states(document: Document, base: Document, part: str, name: str, state: str) -> Iterator[Change]:
    before, after = ({each[name]: each[state] for each in side[part]} for side in (base, document))
    yield from _compared(part, before, after, _judge)


def _compared(
    what: str, before: Mapping[str, str], after: Mapping[str, str], judge: Callable[[str, str], str]
) -> Iterator[Change]:
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if old != new:
            yield Change(what.removesuffix("s"), name, old, new, judge(old, new))


def _judge(before: str, after: str) -> str:
    bad = ("failed", "error", "broken", "unproved", "unneeded", "unused")
    return "bad" if after in bad else "good" if before in bad else "plain"


def _cell(cell: Document) -> str:
    return f"{cell['object']}: {cell['command']} as {cell['identity']}"
