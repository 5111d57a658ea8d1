"""Results documents for reports to be made of."""

from typing import Any

__all__ = ["make_check", "make_document", "make_finding", "make_test", "many", "unlike"]


def make_document(**over: Any) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "schemaproof": "0.1.0",
        "started": "2026-01-01T00:00:00+00:00",
        "seconds": 1.5,
        "verdict": "findings",
        "environment": {
            "python": "3.11.7",
            "system": "Linux x86_64",
            "server": {"kind": "embedded", "version": "17.10"},
            "platform": {"name": "supabase", "parts": [{"name": "pg_cron", "version": "1.6", "real": False}]},
        },
        "target": {
            "migrations": "migrations",
            "versions": ["1"],
            "fingerprint": "0",
            "root": "",
            "settings": "schemaproof.toml",
        },
        "checks": [make_check("isolation", "failed")],
        "findings": [make_finding()],
        "tenancy": None,
        "matrix": [],
        "tests": [],
        "requirements": [],
    } | over


def make_check(name: str, status: str, *, reason: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "harm": "Harm.",
        "level": "error",
        "status": status,
        "reason": reason,
        "proved": {"probes": 3},
        "seconds": 0.1,
    }


def make_finding(**over: Any) -> dict[str, Any]:
    return {
        "check": "isolation",
        "level": "error",
        "object": "public.t",
        "summary": "anon reads [bold]rows[/bold] \x01",
        "detail": "select " + "x" * 100 + ";",
        "remedy": "Mend it.",
        "key": "isolation:public.t",
        "file": "migrations/1_t.sql",
        "line": 3,
        "excluded": None,
        "known": False,
    } | over


def make_test(outcome: str) -> dict[str, Any]:
    return {"id": "suites/test_x.py::test_y", "outcome": outcome, "seconds": 0.0, "requirements": [], "message": "no"}


def many(number: int, **over: Any) -> list[dict[str, Any]]:
    """Findings that say the same of different tables."""
    return [
        make_finding(
            object=f"public.t{n}", key=f"isolation:public.t{n}", summary=f"public.t{n} is open ({n} rows)", line=n + 1
        )
        | over
        for n in range(number)
    ]


def unlike(number: int, **over: Any) -> list[dict[str, Any]]:
    """Findings of which no two say the same."""
    return [found | {"summary": f"harm {'x' * n} of {found['object']}"} | over for n, found in enumerate(many(number))]
