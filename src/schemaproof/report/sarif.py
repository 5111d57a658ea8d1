"""SARIF 2.1.0 (OASIS), as code scanning reads it: a rule a check, a result an open finding.

What the project excludes or knows is left out: code scanning would open an alert for each of them, suppressed or not.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from schemaproof.report.findings import Document, failed_tests, harm_of, open_findings, place_of

__all__ = ["sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UTC = "%Y-%m-%dT%H:%M:%SZ"


def sarif(document: Mapping[str, Any]) -> str:
    """Return the document as a SARIF log of one run."""
    results = [*(_result(document, found) for found in open_findings(document)), *_tests(document)]
    rules = _rules(document, [result["ruleId"] for result in results])
    version = document["schemaproof"]
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {"name": "schemaproof", "version": version, "semanticVersion": version, "rules": rules},
        },
        "automationDetails": {"id": "schemaproof/"},
        "invocations": [_invocation(document)],
        "columnKind": "unicodeCodePoints",
        "results": [result | {"ruleIndex": numbers[result["ruleId"]]} for result in results],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rules(document: Document, used: list[str]) -> list[dict[str, Any]]:
    levels = {check["name"]: check["level"] for check in document["checks"]}
    return [_rule(document, name, levels.get(name)) for name in dict.fromkeys([*levels, *used])]


def _rule(document: Document, name: str, level: str | None) -> dict[str, Any]:
    """A rule for a check, or, without a level, for findings that no check yields, which have no page of their own."""
    harm = harm_of(document, name)
    page = f"\n\nschemaproof checks {name} shows the page on it." if level else ""
    return {
        "id": name,
        "name": "".join(map(str.capitalize, name.split("_"))),
        "shortDescription": {"text": harm.partition("\n")[0]},
        "fullDescription": {"text": harm},
        "help": {"text": f"{harm}{page}"},
        "defaultConfiguration": {"level": level or "error"},
        "properties": {"tags": ["database", "postgresql"]},
    }


def _result(document: Document, found: Document) -> dict[str, Any]:
    text = "\n".join(filter(None, (found["summary"], found["remedy"], found["detail"])))
    return {
        "ruleId": found["check"],
        "level": found["level"],
        "message": {"text": _printable(text)},
        "locations": [
            {
                "physicalLocation": _physical(document, found["file"], found["line"]),
                "logicalLocations": [{"fullyQualifiedName": found["object"]}],
            }
        ],
        "partialFingerprints": {"schemaproof/v1": found["key"]},
    }


def _tests(document: Document) -> Iterator[dict[str, Any]]:
    for test in failed_tests(document):
        file = test["id"].partition("::")[0]
        yield {
            "ruleId": "suites",
            "level": "error",
            "message": {"text": _printable(f"{test['id']} {test['outcome']}\n{test['message']}".rstrip())},
            "locations": [{"physicalLocation": _physical(document, file, None)}],
            "partialFingerprints": {"schemaproof/v1": f"suites:{test['id']}"},
        }


def _physical(document: Document, file: str | None, line: int | None) -> dict[str, Any]:
    path = place_of(document, file)
    location = {"uri": quote(path)} | ({} if path.startswith("/") else {"uriBaseId": "%SRCROOT%"})
    return {"artifactLocation": location, "region": {"startLine": line or 1}}


def _invocation(document: Document) -> dict[str, Any]:
    started = datetime.fromisoformat(document["started"])
    broken = [check for check in document["checks"] if check["status"] == "broken"]
    return {
        "executionSuccessful": not broken,
        "startTimeUtc": started.strftime(_UTC),
        "endTimeUtc": (started + timedelta(seconds=document["seconds"])).strftime(_UTC),
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": _printable(f"{check['name']}: {check['reason']}")}}
            for check in broken
        ],
    }


def _printable(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\N{REPLACEMENT CHARACTER}", text)
