"""Both cut a file into the same statements: the ledgers are equal, over a corpus and over random mixtures of it."""

import random
from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest

from schemaproof.database import Database
from schemaproof.migrations import read_migrations, up
from schemaproof.session import Session
from suites.supabase_cli.cli import Cli
from suites.supabase_cli.conftest import Write
from suites.supabase_cli.corpus import GAPS, STATEMENTS, WHOLE
from suites.supabase_cli.state import State

pytestmark = pytest.mark.req("1.1")
_SEEDS = range(100)


def _mixture(seed: int) -> str:
    """Some statements in some order, with other gaps between them."""
    chance = random.Random(seed)
    return "".join(statement + chance.choice(GAPS) for statement in chance.sample(STATEMENTS, 8))


def _files(texts: Iterable[str]) -> Mapping[str, str]:
    return {f"{number:04}_awkward.sql": text for number, text in enumerate(texts)}


@pytest.mark.parametrize(
    "texts",
    [
        STATEMENTS,
        [f"{first};{second}" for first, second in pairwise(STATEMENTS)],
        [f"select 1{gap}select 2" for gap in GAPS],
        WHOLE,
        [_mixture(seed) for seed in _SEEDS],
    ],
    ids=["one statement", "two statements", "gaps", "whole files", "mixtures"],
)
def test_ledgers_hold_the_same_statements(
    schemaproof_session: Session, cli: Cli, write: Write, databases: tuple[Database, Database], texts: list[str]
) -> None:
    theirs, ours = databases
    project = write(_files(texts))
    pushed = cli.push(project, theirs)
    assert pushed.code == 0, pushed.text
    with schemaproof_session.connect_migrator(ours) as connection:
        up(connection, read_migrations(project / "supabase" / "migrations"))
    left, right = State.of(theirs).ledger, State.of(ours).ledger
    assert len(left) == len(texts)
    assert [row for row in right if row not in left] == []
    assert left == right
