"""What the gate's document says of the change itself, and of one that no server is asked about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from schemaproof.bench.baseline import Change
from schemaproof.config import Target
from schemaproof.findings import Finding, Location
from schemaproof.gate.difference import Difference
from schemaproof.gate.history import Changes
from schemaproof.gate.operation import Operation
from schemaproof.gate.side import Side, Sides
from schemaproof.lint import all_rules
from schemaproof.locks import Fire, Trace
from schemaproof.migrations import Defect, Migration
from schemaproof.results import Results

__all__ = ["told", "unchanged", "unreadable"]

_NO_SERVER = {"kind": "none", "version": "0"}


def told(
    sides: Sides,
    changes: Changes,
    difference: Difference | None = None,
    operation: Operation | None = None,
    plans: Iterable[Change] = (),
) -> dict[str, Any]:
    """Return the object `gate` of the results document; its JSON Schema is in results.schema.json."""
    difference, operation = difference or Difference(), operation or Operation()
    return {
        "harms": {rule.name: rule.summary for rule in all_rules()},
        "base": _side(sides.base),
        "head": _side(sides.head),
        "migrations": list(_migrations(sides, changes)),
        "objects": [dict(each) for each in difference.objects],
        "privileges": {
            "gained": [asdict(each) for each in difference.gained],
            "lost": [asdict(each) for each in difference.lost],
        },
        "cells": [dict(each) for each in difference.cells],
        "locks": [_trace(trace) for trace in operation.traces],
        "stalls": [_fire(fire) for fire in operation.fires],
        "queues": [asdict(queue) | {"version": version} for version, queue in operation.queues],
        "plans": {"queries": list(difference.queries), "changes": [asdict(each) for each in plans]},
    }


def unchanged(sides: Sides) -> dict[str, Any]:
    """Return the results of a change that touches no migration."""
    changes = Changes.of(sides)
    side = sides.head if sides.head.history else sides.base
    return Results(side.target, _NO_SERVER, findings=[*changes.findings()], gate=told(sides, changes)).document()


def unreadable(sides: Sides) -> dict[str, Any]:
    """Return the results of a head with files that cannot be read, or do not go together: nothing is built of it."""
    target, history = sides.head.target, sides.head.history
    findings = [_defective(target, list(found)) for _, found in groupby(_defects(sides), key=attrgetter("path"))]
    gate = told(sides, Changes(history, history, sides.tip))
    return Results(target, _NO_SERVER, findings=findings, gate=gate).document()


def _defects(sides: Sides) -> list[Defect]:
    """The head's defects in the order of their files; of two that do not go together the base's is not at fault."""
    base, head = sides.base.target, sides.head.target
    known = {base.relative(each.path) for each in sides.base.history}
    told = (
        replace(each, path=each.beside) if each.beside and head.relative(each.path) in known else each
        for each in head.folder.defects
    )
    return sorted(told, key=lambda each: (each.path, each.line or 0))


def _defective(target: Target, defects: Sequence[Defect]) -> Finding:
    file = target.relative(defects[0].path).as_posix()
    told = [f"{file}{f':{each.line}' if each.line else ''}: {each.what}" for each in defects]
    return Finding(
        "history",
        file,
        told[0] + (f" (and {len(told) - 1} more)" if len(told) > 1 else ""),
        " ".join(dict.fromkeys(each.remedy for each in defects)),
        detail="\n".join(told) if len(told) > 1 else "",
        location=Location(defects[0].path, defects[0].line or 1),
        key=f"history:file:{file}",
    )


def _trace(trace: Trace) -> dict[str, Any]:
    """The statements of a migration that lock, copy, read or build on what was there before."""
    steps = [asdict(step) for step in trace.steps if step.taken or step.rewritten or step.scanned or step.built]
    return {"version": trace.version, "rows": dict(trace.rows), "steps": steps}


def _fire(fire: Fire) -> dict[str, Any]:
    return {
        "version": fire.version,
        "rows": dict(fire.rows),
        "up": asdict(fire.up) if fire.up else None,
        "down": asdict(fire.down) if fire.down else None,
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name,
        "commit": side.commit,
        "dirty": side.is_dirty,
        "migrations": len(side.history),
        "newest": max((each.version for each in side.history), default=None),
    }


def _migrations(sides: Sides, changes: Changes) -> Iterator[dict[str, Any]]:
    states = [
        *(("new", changes.after[number]) for number in changes.new),
        *(("rollback edited", changes.after[number]) for number in changes.again),
        *(("edited", new) for _, new in changes.edited),
        *(("deleted", migration) for migration in changes.deleted),
    ]
    for state, migration in states:
        yield _migration(state, migration) | {"file": sides.head.target.relative(migration.path).as_posix()}


def _migration(state: str, migration: Migration) -> dict[str, Any]:
    return {
        "state": state,
        "version": migration.version,
        "name": migration.name,
        "rollback": migration.rollback is not None,
        "irreversible": migration.irreversible,
    }
