"""Awkward migrations end the same by the Supabase CLI and by schemaproof, or differ in what is written down."""

import re
from pathlib import Path

import pytest

from schemaproof.database import Database
from schemaproof.errors import SchemaproofError
from schemaproof.migrations import MigrationError, read_migrations, up
from schemaproof.session import Session
from suites.supabase_cli.cases import CASES, Case
from suites.supabase_cli.cli import Cli
from suites.supabase_cli.conftest import Write
from suites.supabase_cli.state import State, differing

pytestmark = pytest.mark.req("1.1")
PAGE = Path(__file__).parents[2] / "docs" / "supabase-cli.md"


def _up(session: Session, database: Database, project: Path, *, include_all: bool = False) -> str:
    with session.connect_migrator(database) as connection:
        try:
            up(connection, read_migrations(project / "supabase" / "migrations"), include_all=include_all)
        except MigrationError as error:
            return error.sqlstate or "refused"
        except SchemaproofError:
            return "refused"
    return "applied"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_awkward_migration_ends_the_same_or_as_written(
    schemaproof_session: Session, cli: Cli, write: Write, databases: tuple[Database, Database], case: Case
) -> None:
    theirs, ours = databases
    if case.earlier:
        project = write(case.earlier)
        assert [_up(schemaproof_session, each, project) for each in databases] == ["applied", "applied"]
    project = write(case.files)
    answer = cli.push(project, theirs, *case.flags)
    verdict = _up(schemaproof_session, ours, project, include_all="--include-all" in case.flags)
    print(answer.text)
    left, right = State.of(theirs), State.of(ours)
    assert (verdict, answer.verdict) == (case.ours, case.theirs or case.ours)
    assert differing(left, right) == case.left


def test_page_tells_each_case_that_differs() -> None:
    told = re.findall(r"^\| ([^|]+?) \|", PAGE.read_text(), re.MULTILINE)
    assert told[2:] == [case.name for case in CASES if case.differs]
