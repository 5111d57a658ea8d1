"""The canonical migrations by the Supabase CLI and by schemaproof: one schema, one ledger, and either goes on."""

from pathlib import Path

import pytest

from schemaproof.config import Target
from schemaproof.database import Database
from schemaproof.migrations import Migration, read_migrations, status, up, verify
from schemaproof.session import Session
from suites.supabase_cli.cli import Cli
from suites.supabase_cli.conftest import Write
from suites.supabase_cli.state import State, differing, other_objects

pytestmark = pytest.mark.req("1.1")
Pair = tuple[Database, Database]


def _up(session: Session, database: Database, migrations: tuple[Migration, ...], to: str | None = None) -> None:
    with session.connect_migrator(database) as connection:
        up(connection, migrations, to=to)


def _trim(project: Path, keep: int) -> list[Path]:
    """Take the migrations behind the first `keep` away, and return where they are now."""
    folder = project / "supabase" / "migrations"
    later = sorted(folder.iterdir())[keep:]
    return [path.rename(project / path.name) for path in later]


def test_push_and_up_give_the_same_objects_and_ledger(
    schemaproof_session: Session, target: Target, cli: Cli, canonical: Path, databases: Pair
) -> None:
    theirs, ours = databases
    pushed = cli.push(canonical, theirs)
    assert pushed.code == 0, pushed.text
    _up(schemaproof_session, ours, target.history)
    left, right = State.of(theirs), State.of(ours)
    assert other_objects(left, right) == []
    assert left.ledger == right.ledger
    assert [version for version, _, _ in left.ledger] == [each.version for each in target.history]
    assert differing(left, right) == set()


def test_cli_reads_our_ledger(
    schemaproof_session: Session, target: Target, cli: Cli, canonical: Path, databases: Pair
) -> None:
    _, ours = databases
    _up(schemaproof_session, ours, target.history)
    assert cli.versions(canonical, ours) == [(each.version, each.version) for each in target.history]
    before = State.of(ours)
    pushed = cli.push(canonical, ours)
    assert (pushed.code, "up to date" in pushed.text) == (0, True), pushed.text
    assert differing(before, State.of(ours)) == set()


def test_we_read_the_ledger_of_the_cli(
    schemaproof_session: Session, target: Target, cli: Cli, canonical: Path, databases: Pair
) -> None:
    theirs, _ = databases
    assert cli.push(canonical, theirs).code == 0
    with schemaproof_session.connect_migrator(theirs) as connection:
        assert [each.state for each in status(connection, target.history)] == ["applied"] * len(target.history)
        assert verify(connection, target.history) == ()
        assert up(connection, target.history) == ()


def test_cli_fetches_and_repairs_what_we_recorded(
    schemaproof_session: Session, target: Target, cli: Cli, write: Write, databases: Pair
) -> None:
    _, ours = databases
    _up(schemaproof_session, ours, target.history)
    project = write({})
    assert [path.name for path in cli.fetch(project, ours)] == [each.path.name for each in target.history]
    fetched = read_migrations(project / "supabase" / "migrations")
    cli.revert(project, ours, target.history[-1].version)
    with schemaproof_session.connect_migrator(ours) as connection:
        assert verify(connection, fetched) == ()
        assert [each.state for each in status(connection, fetched)][-2:] == ["applied", "pending"]


def test_file_edited_after_it_was_applied_is_told_by_us_alone(
    schemaproof_session: Session, target: Target, cli: Cli, canonical: Path, databases: Pair
) -> None:
    theirs, _ = databases
    assert cli.push(canonical, theirs).code == 0
    edited = canonical / "supabase" / "migrations" / target.history[0].path.name
    edited.write_text(edited.read_text() + "create table public.edited ();")
    assert cli.push(canonical, theirs).code == 0
    with schemaproof_session.connect_migrator(theirs) as connection:
        found = verify(connection, read_migrations(edited.parent))
    assert [(each.kind, each.path) for each in found] == [("edited", edited)]


@pytest.mark.parametrize("cli_first", [True, False], ids=["the CLI begins", "schemaproof begins"])
def test_one_goes_on_where_the_other_stopped(
    schemaproof_session: Session, target: Target, cli: Cli, canonical: Path, databases: Pair, cli_first: bool
) -> None:
    both, alone = databases
    half = len(target.history) // 2
    if cli_first:
        later = _trim(canonical, half)
        assert cli.push(canonical, both).code == 0
        for path in later:
            path.rename(canonical / "supabase" / "migrations" / path.name)
        states = _states(schemaproof_session, both, target)
        assert states == ["applied"] * half + ["pending"] * (len(states) - half)
        _up(schemaproof_session, both, target.history)
    else:
        _up(schemaproof_session, both, target.history, to=target.history[half - 1].version)
        assert [remote for _, remote in cli.versions(canonical, both)].count("") == len(target.history) - half
        assert cli.push(canonical, both).code == 0
    _up(schemaproof_session, alone, target.history)
    assert differing(State.of(both), State.of(alone)) == set()


def _states(session: Session, database: Database, target: Target) -> list[str]:
    with session.connect_migrator(database) as connection:
        return [each.state for each in status(connection, target.history)]


def test_files_of_the_copy_are_those_of_the_project(target: Target, canonical: Path) -> None:
    copied = read_migrations(canonical / "supabase" / "migrations")
    assert [each.text for each in copied] == [each.text for each in target.history]
