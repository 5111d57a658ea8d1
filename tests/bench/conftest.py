"""The schema of clinics with volume, indexes and a query catalogue: healthy, and broken by each test for itself."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemaproof.bench import Options, run_bench
from schemaproof.session import Session

Ran = Callable[..., dict[str, Any]]
HERE = Path(__file__).parent


@pytest.fixture
def project(clinic: Path) -> Path:
    """The clinics' folder with a volume model, two migrations more and a catalogue."""
    shutil.copytree(HERE / "clinic", clinic, dirs_exist_ok=True)
    settings = clinic / "schemaproof.toml"
    settings.write_text('volume = "volume.toml"\nqueries = "benchmarks/queries"\n' + settings.read_text())
    return clinic


@pytest.fixture
def ran(session_of: Callable[[Path], Session]) -> Ran:
    """Run the bench on the project in a folder and return its document."""

    def run(folder: Path, **options: Any) -> dict[str, Any]:
        return run_bench(session_of(folder), Options(**({"profiles": ("10k",)} | options)), lambda _: None).document()

    return run
