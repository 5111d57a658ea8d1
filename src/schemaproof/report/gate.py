"""What a change does, of the gate's document: its migrations, what becomes of the database, and of whom."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import PurePath

from schemaproof.report.findings import Document, by_check, counted, shortened

__all__ = ["checks_of", "locks_of", "objects_of", "plans_of", "reach_of", "sides_of", "steps_of"]

# What proves the migrations of a change, step by step.
_OF_THE_CHANGE = ("build", "ledger", "stairway", "data_loss", "interruption")
# As SQL writes them (manual, 13.3.1).
_MODES = {
    "RowShareLock": "ROW SHARE",
    "RowExclusiveLock": "ROW EXCLUSIVE",
    "ShareUpdateExclusiveLock": "SHARE UPDATE EXCLUSIVE",
    "ShareLock": "SHARE",
    "ShareRowExclusiveLock": "SHARE ROW EXCLUSIVE",
    "ExclusiveLock": "EXCLUSIVE",
    "AccessExclusiveLock": "ACCESS EXCLUSIVE",
}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def sides_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `base` and `head`, each with what it is."""
    for name in ("base", "head"):
        side = document["gate"][name]
        commit = (
            f" ({side['commit'][:12]}{' and what is not committed' if side['dirty'] else ''})" if side["commit"] else ""
        )
        newest = f", the newest {side['newest']}" if side["newest"] else ""
        yield name, f"{side['name']}{commit}: {counted(side['migrations'], 'migrations')}{newest}"


def steps_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the migrations that differ: what became of each, and its file."""
    for each in document["gate"]["migrations"]:
        back = ""
        if each["state"] == "new":
            back = "" if each["rollback"] else ", without a rollback"
        if each["irreversible"]:
            back += f" (irreversible: {each['irreversible']})"
        yield each["state"], f"{each['file']}{back}"


def checks_of(document: Document) -> tuple[list[Document], list[Document]]:
    """Return the checks that say something of the change: by what they prove, or find; and the others that passed."""
    named = {*_OF_THE_CHANGE, *(name for name, _ in by_check(document))}
    told = [each for each in document["checks"] if each["name"] in named or each["status"] == "broken"]
    return told, [each for each in document["checks"] if each not in told and each["status"] == "passed"]


def objects_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the objects that came, went or changed: `+ table public.notes`, and all that is to say of it.

    What came or went with a table, its columns and constraints, is told with the table.
    """
    objects = document["gate"]["objects"]
    whole = {each["name"] for each in objects if each["change"] != "changed"}
    for each in objects:
        parts = each["name"].split(".")
        if not any(".".join(parts[:length]) in whole for length in range(2, len(parts))):
            yield f"{_SIGNS[each['change']]} {each['kind']} {each['name']}", each["text"]


def reach_of(document: Document) -> Iterator[str]:
    """Yield what roles may do that they could not, or no more; and who reaches rows that he did not, or no more."""
    privileges = document["gate"]["privileges"]
    for sign, name in (("+", "gained"), ("-", "lost")):
        for (kind, thing, role), group in groupby(privileges[name], key=itemgetter("kind", "object", "role")):
            yield f"{sign} {role} may {', '.join(each['privilege'] for each in group)} {kind} {thing}"
    wanted = itemgetter("change", "object", "command")
    for (change, thing, command), group in groupby(sorted(document["gate"]["cells"], key=wanted), key=wanted):
        sign, verb = ("+", "reaches") if change == "wider" else ("-", "reaches no")
        yield f"{sign} {command.upper()} {verb} rows of {thing}: {shortened([each['identity'] for each in group])}"


def locks_of(document: Document) -> Iterator[str]:
    """Yield what the new migrations lock of what was there before, and how long clients waited meanwhile."""
    files = {each["version"]: PurePath(each["file"]).name for each in document["gate"]["migrations"]}
    several = len(document["gate"]["locks"]) > 1
    for trace in document["gate"]["locks"]:
        where = f"{files[trace['version']]}:" if several else "line "
        held: dict[tuple[str, str], list[Document]] = {}
        for step in trace["steps"]:
            for lock in step["taken"]:
                held.setdefault((lock["mode"], lock["relation"]), []).append(lock)
        for (mode, relation), locks in held.items():
            longest = max(lock["milliseconds"] for lock in locks)
            yield f"{_MODES.get(mode, mode)} on {relation}, {where}{locks[0]['line']}, for {longest:.0f} ms"
    for fire in document["gate"]["stalls"]:
        for way, passage in (("up", fire["up"]), ("down", fire["down"])):
            if passage and (stall := passage["stall"]):
                behind = f", behind line {stall['line']}" if stall["line"] else ""
                waited = f"a client's {stall['action']} on {stall['table']} waited {stall['milliseconds']:.0f} ms"
                of = f" of {files[fire['version']]}" if several else ""
                yield f"on the way {way}{of}, {waited}{behind}, with {max(fire['rows'].values(), default=0):,} rows"


def plans_of(document: Document) -> str:
    """Say how many of the project's queries the change touches, and how many run by another plan; empty without any."""
    plans = document["gate"]["plans"]
    if not plans["queries"]:
        return ""
    names = [each["key"].split(" / ")[0] for each in plans["changes"]]
    pages = [each for each in plans["changes"] if each["what"] == "buffers"]
    less = {each["key"].split(" / ")[0] for each in pages if int(each["after"]) < int(each["before"])}
    told = [
        f"{counted(len(set(names)), 'queries')} run otherwise" if names else "all run as they did",
        f"{len(less)} of them read fewer pages" if less else "",
    ]
    touched = counted(len(plans["queries"]), "queries")
    return f"{touched} of the catalogue reach what differs: {', '.join(filter(None, told))}"
