"""The bench's results document: one JSON object that its reports are made of; its JSON Schema is schema.json."""

import json
import math
import platform as machine
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from schemaproof import __version__
from schemaproof.bench.baseline import Change
from schemaproof.bench.data import Data
from schemaproof.bench.foreign_keys import ForeignKey
from schemaproof.bench.growth import classify, slope
from schemaproof.bench.indexes import Index, redundant
from schemaproof.bench.measure import Measured, Measurement
from schemaproof.bench.necessity import NEEDED, User
from schemaproof.bench.price import Price
from schemaproof.config import Target
from schemaproof.coverage import Clause
from schemaproof.findings import Finding, Level, Location
from schemaproof.outcomes import finding_values
from schemaproof.plan import PINNED, Node, Plan, Probe
from schemaproof.platform import Part
from schemaproof.queries import Query

__all__ = ["Bench", "bench_schema"]

_VERSION = 1
# What a plan's reader does not need, and what is long.
_LEFT_OUT = ("Output", "Async Capable", "Parallel Aware", "Plans", "Alias")


@dataclass
class Bench:
    """What a run of the bench found; `document()` is what leaves the process.

    Args:
        judged: the profile at which limits, necessity and baseline are judged: the largest.
        ties: keys, with their mode, of plans that are cost ties.
    """

    target: Target
    server: Mapping[str, object]
    queries: tuple[Query, ...]
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    parts: tuple[Part, ...] = ()
    data: list[Data] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    judged: str = ""
    indexes: tuple[Index, ...] = ()
    users: Mapping[str, Sequence[User]] = field(default_factory=dict)
    keys: Sequence[tuple[ForeignKey, Plan]] = ()
    prices: Sequence[Price] = ()
    ties: frozenset[str] = frozenset()
    baseline: Mapping[str, Any] = field(default_factory=dict)
    changes: Sequence[Change] = ()
    findings: list[Finding] = field(default_factory=list)
    requirements: tuple[Clause, ...] = ()
    origins: Mapping[str, Location | None] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the results as JSON values, valid by the published schema."""
        findings = [finding_values(found, self.target) for found in self.findings]
        bad = any(found["level"] == Level.ERROR and found["excluded"] is None for found in findings)
        return {
            "schema_version": _VERSION,
            "kind": "bench",
            "schemaproof": __version__,
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round((datetime.now(UTC) - self.started).total_seconds(), 3),
            "verdict": "findings" if bad else "clean",
            "environment": {
                "python": machine.python_version(),
                "system": f"{machine.system()} {machine.machine()}",
                "server": dict(self.server),
                "platform": {"name": self.target.platform, "parts": [asdict(part) for part in self.parts]},
                "settings": dict(PINNED),
            },
            "target": {
                "migrations": str(self.target.relative(self.target.migrations)),
                "versions": [migration.version for migration in self.target.history],
                "fingerprint": self.target.fingerprint(),
            },
            "phases": {name: round(seconds, 3) for name, seconds in self.phases.items()},
            "profiles": [self._profile(data) for data in self.data],
            "judged": self.judged,
            "queries": [self._query(query) for query in self.queries],
            "measurements": [
                self._measurement(found, measured.profile, probe)
                for measured in self.measured
                for found in measured.measurements
                for probe in found.probes
            ],
            "indexes": [self._index(index) for index in self.indexes],
            "foreign_keys": [_foreign_key(key, plan) for key, plan in self.keys],
            "rls": [_price(price) for price in self.prices],
            "growth": self._growth(),
            "baseline": dict(self.baseline) | {"changes": [asdict(change) for change in self.changes]},
            "findings": findings,
            "requirements": [clause.values() for clause in self.requirements],
        }

    def _profile(self, data: Data) -> dict[str, Any]:
        model = self.target.volume
        return {
            "name": data.profile,
            "seed": data.seed,
            "model": str(self.target.relative(model)) if model else None,
            "until": data.until.isoformat(),
            "rows": dict(data.rows),
            "total": data.total,
            "bytes": data.bytes,
            "seconds": data.seconds,
        }

    def _query(self, query: Query) -> dict[str, Any]:
        return {
            "id": query.id,
            "name": query.name,
            "about": query.about,
            "requirements": list(query.requirements),
            "file": self.target.relative(query.path).as_posix(),
            "line": query.line,
            "statement": query.statement.text,
            "roles": list(query.roles),
            "claims": dict(query.claims),
            "cases": list(query.cases),
            "limits": [{"words": limit.claim.words, "line": limit.location.line} for limit in query.limits],
            "needs": [{"index": need.index, "factor": need.factor} for need in query.needs],
            "refused": query.refused.sqlstate if query.refused else None,
        }

    def _measurement(self, found: Measurement, profile: str, probe: Probe) -> dict[str, Any]:
        case, plans = found.case, probe.plans
        executed = probe.plan.executed
        key = f"{case.key} / {probe.mode}"
        broken = [
            limit.claim.words
            for limit in case.query.limits
            if any(f.location == limit.location and f.key.startswith(f"plans:{case.key}:") for f in self.findings)
            and profile == self.judged
            and limit.claim.judge(probe)
        ]
        worst = max((plan.misjudged.estimate_error for plan in plans if plan.misjudged), default=None)
        return {
            "key": key,
            "query": case.query.id,
            "profile": profile,
            "role": case.role,
            "size": case.size,
            "mode": str(probe.mode),
            "executed": executed,
            "writes": found.writes,
            "tie": key in self.ties and profile == self.judged,
            "values": dict(case.values),
            "rows": probe.rows if executed else None,
            "buffers": probe.buffers if executed else None,
            "wal": probe.wal if executed else None,
            "cost": round(probe.cost, 2),
            "milliseconds": probe.plan.facts.get("Execution Time"),
            "discarded": sum(plan.discarded for plan in plans) if executed else None,
            "claim_reads": probe.claim_reads if executed else None,
            "estimate_error": round(worst, 2) if executed and worst else None,
            "sorts": sum(len(plan.sorts) for plan in plans),
            "spills": sum(len(plan.spills) for plan in plans),
            "seq_scans": sorted({str(node.table) for plan in plans for node in plan.seq_scans}),
            "indexes": [
                {"name": name, "condition": " ".join(filter(None, (plan.condition_on(name) for plan in plans)))}
                for name in probe.indexes
            ],
            "shape": list(probe.shape),
            "broken": broken,
            "plan": _tree(probe.plan.root) if profile == self.judged else None,
            "nested": [
                {
                    "statement": " ".join(inner.text.split()),
                    "calls": inner.calls,
                    "buffers": inner.buffers,
                    "wal": inner.wal,
                    "cost": round(inner.cost, 2),
                    "plan": _tree(inner.plan.root) if profile == self.judged else None,
                }
                for inner in probe.nested
            ],
        }

    def _index(self, index: Index) -> dict[str, Any]:
        users, location = self.users.get(index.name, ()), self.origins.get(index.qualified)
        other = next((other for found, other in redundant(self.indexes) if found is index), None)
        return {
            "name": index.name,
            "qualified": index.qualified,
            "table": index.table,
            "definition": index.definition,
            "method": index.method,
            "columns": list(index.columns),
            "predicate": index.predicate,
            "unique": index.is_unique,
            "constraint": index.is_constraint,
            "leakproof": index.is_leakproof,
            "bytes": index.bytes,
            "verdict": _verdict(index, users),
            "redundant_to": other.name if other else None,
            "file": self.target.relative(location.path).as_posix() if location else None,
            "line": location.line if location else None,
            "users": [_user(user) for user in users],
        }

    def _growth(self) -> list[dict[str, Any]]:
        points: dict[tuple[str, str, str], list[tuple[str, int, int]]] = {}
        for data, measured in zip(self.data, self.measured, strict=True):
            for found in measured.measurements:
                case = (found.case.query.id, found.case.role, found.case.size)
                points.setdefault(case, []).append((data.profile, data.total, found.custom.buffers))
        told = []
        for (query, role, size), found_points in points.items():
            rate = slope([(rows, buffers) for _, rows, buffers in found_points])
            told.append(
                {
                    "query": query,
                    "role": role,
                    "size": size,
                    "points": [{"profile": p, "rows": rows, "buffers": buffers} for p, rows, buffers in found_points],
                    "slope": None if rate is None else round(rate, 3),
                    "class": classify(rate),
                }
            )
        return told


def bench_schema() -> dict[str, Any]:
    """Return the JSON Schema of the bench's results document."""
    text = files("schemaproof.bench").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _verdict(index: Index, users: Sequence[User]) -> str:
    if index.is_constraint:
        return "constraint"
    if any(user.factor >= NEEDED for user in users):
        return "needed"
    return "enforces" if index.is_unique else "unneeded" if users else "unused"


def _user(user: User) -> dict[str, Any]:
    ablation = user.ablation
    return {
        "kind": user.kind,
        "id": user.id,
        "case": user.case,
        "factor": None if math.isinf(user.factor) else round(user.factor, 2),
        "cost": round(ablation.cost, 2),
        "cost_without": round(ablation.cost_without, 2),
        "statement": " ".join(ablation.text.split()),
        "refused": ablation.refused,
        "shape_without": list(ablation.shape),
    }


def _foreign_key(key: ForeignKey, plan: Plan) -> dict[str, Any]:
    return {
        "name": key.name,
        "child": key.child,
        "parent": key.parent,
        "columns": list(key.columns),
        "indexes": list(plan.indexes),
        "cost": round(plan.cost, 2),
    }


def _price(price: Price) -> dict[str, Any]:
    found = price.measurement
    return {
        "query": found.case.query.id,
        "role": found.case.role,
        "size": found.case.size,
        "bypassing_role": price.bypassing.question.identity.role,
        "buffers": found.custom.buffers,
        "buffers_bypassing": price.bypassing.buffers,
        "cost": round(found.custom.cost, 2),
        "cost_bypassing": round(price.bypassing.cost, 2),
        "factor": round(price.factor, 2),
        "same_indexes": sorted(found.custom.indexes) == sorted(price.bypassing.indexes),
        "kept_from": [index.name for index in price.lost],
        "shape_bypassing": list(price.bypassing.shape),
        "plan_bypassing": _tree(price.bypassing.plan.root),
    }


def _tree(node: Node) -> dict[str, Any]:
    facts = {key: value for key, value in node.facts.items() if key not in _LEFT_OUT and value not in (0, False)}
    facts |= {key: node.facts[key] for key in ("Actual Rows", "Actual Loops", "Plan Rows") if key in node.facts}
    return facts | {"label": node.label, "Plans": [_tree(child) for child in node.children]}
