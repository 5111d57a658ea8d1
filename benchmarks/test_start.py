"""From nothing to the migrated template, against PostgreSQL's own tools; and the command line's start."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from benchmarks.floor import Floor, make_floor
from schemaproof.config import load_target
from schemaproof.server import ServerSpec
from schemaproof.server.original import Original
from schemaproof.session import open_session

ROOT = Path(__file__).parent.parent
Measure = Callable[..., None]


@pytest.fixture(scope="module")
def floor() -> Iterator[Floor]:
    with make_floor(load_target(ROOT)) as made:
        yield made


def test_server_to_template_with_cached_directory(measure: Measure, floor: Floor) -> None:
    measure(_to_template, lambda: floor.start_and_sql(initdb=False), limit=1.3)


def test_server_to_template_without_cached_directory(measure: Measure, floor: Floor) -> None:
    def ours() -> None:
        with mock.patch.object(Original, "take", return_value=False):
            _to_template()

    measure(ours, lambda: floor.start_and_sql(initdb=True), limit=1.5)


def test_help_within_300_ms_of_bare_python(measure: Measure) -> None:
    measure(
        lambda: _run(sys.executable, "-m", "schemaproof", "--help"),
        lambda: _run(sys.executable, "-c", "pass"),
        allowance=0.3,
    )


def test_checks_of_the_canonical_schema_in_fifteen_seconds(measure: Measure) -> None:
    """The floor is fifteen seconds of this machine: the ratio is the share of them that the checks take."""

    def fifteen_seconds() -> float:
        return 15.0

    measure(lambda: _run(sys.executable, "-m", "schemaproof", "check", "--no-suites"), fifteen_seconds, pairs=3)


def _to_template() -> None:
    with open_session(load_target(ROOT), ServerSpec(kind="embedded")) as session:
        session.template_name()


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, check=True)
