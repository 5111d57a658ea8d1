"""The tests in TypeScript, each file on a sampled database of its own, logged in as a service is."""

import re

import pytest

from fixtures import sample
from schema.drizzle.generate import PACKAGE
from schemaproof.database import Database
from suites.typescript_access.node import run, url_of

_PROVES = {
    "functions.test.ts": ("5.1", "7.1", "7.4"),
    "identity.test.ts": ("3.2", "3.3", "3.4"),
    "live.test.ts": ("6.1", "6.3"),
}


def _file(name: str) -> object:
    return pytest.param(name, marks=pytest.mark.req("1.4", *_PROVES.get(name, ())))


@pytest.mark.parametrize("name", [_file(path.name) for path in sorted((PACKAGE / "tests").glob("*.test.ts"))])
def test_tests_in_typescript_pass(sampled_db: Database, name: str) -> None:
    told = run(
        *("node", "--import", "tsx", "--test", "--test-reporter=tap", f"tests/{name}"),
        DATABASE_URL=url_of(sampled_db, "authenticator"),
        TENANT_1=str(sample.tenant_id(1)),
        TENANT_2=str(sample.tenant_id(2)),
        SHARED_WORKSPACE_ID=sample.SHARED_WORKSPACE_ID,
        SHARED_PHONE_NUMBER=sample.SHARED_PHONE_NUMBER,
    )
    counts = dict(re.findall(r"^# (pass|skipped|todo) (\d+)$", told, re.MULTILINE))
    assert int(counts["pass"]) > 1
    assert counts["skipped"] == counts["todo"] == "0"


@pytest.mark.req("1.4")
def test_types_hold() -> None:
    run("tsc", "--strict", "--noEmit")
