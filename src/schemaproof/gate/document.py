"""What the gate's document says of the change itself, and of one that no server is asked about."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from schemaproof.bench.baseline import Change
from schemaproof.findings import Finding
from schemaproof.gate.difference import Difference
from schemaproof.gate.history import Changes
from schemaproof.gate.operation import Operation
from schemaproof.gate.side import Side, Sides
from schemaproof.lint import all_rules
from schemaproof.locks import Fire, Trace
from schemaproof.migrations import Migration, MisnamedError
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


def unreadable(sides: Sides, error: MisnamedError) -> dict[str, Any]:
    """Return the results of a head whose files do not go together: nothing can be built of it."""
    known = sides.base.history
    finding = Finding("history", "migrations", error.message, error.remedy, key="history:files")
    gate = told(replace(sides, head=sides.base), Changes(known, known, sides.tip))
    return Results(sides.base.target, _NO_SERVER, findings=[finding], gate=gate).document()


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
    head = sides.head.target
    states = [
        *(("new", changes.after[number]) for number in changes.new),
        *(("rollback edited", changes.after[number]) for number in changes.again),
        *(("edited", new) for _, new in changes.edited),
        *(("deleted", migration) for migration in changes.deleted),
    ]
    for state, migration in states:
        target = sides.base.target if state == "deleted" else head
        yield _migration(state, migration) | {"file": target.relative(migration.path).as_posix()}


def _migration(state: str, migration: Migration) -> dict[str, Any]:
    return {
        "state": state,
        "version": migration.version,
        "name": migration.name,
        "rollback": migration.rollback is not None,
        "irreversible": migration.irreversible,
    }
