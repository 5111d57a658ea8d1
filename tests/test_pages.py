"""`schemaproof checks`: the list of checks, and their pages, in a checkout and in what is installed."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from schemaproof.checks import Check, all_checks
from schemaproof.cli.checks import page
from schemaproof.lint import Rule, all_rules
from tests.command import schemaproof

ROOT = Path(__file__).parent.parent
ALL: tuple[Check | Rule, ...] = (*all_checks(), *all_rules())


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_checks_and_rules_are_listed_with_their_level_and_harm(tmp_path: Path) -> None:
    done = schemaproof(tmp_path, "checks")
    listed = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert listed == [[each.name, str(each.level), each.summary] for each in ALL]


@pytest.mark.parametrize("name", [each.name for each in ALL])
def test_page_of_a_check_opens_with_its_name_and_harm(name: str) -> None:
    assert page(name).startswith(f"# {name}\n\n**Harm.** ")


def test_page_is_shown_from_the_checkout_and_from_what_is_installed(tmp_path: Path, installed: Path) -> None:
    for source in (None, installed):
        done = schemaproof(tmp_path, "checks", "isolation", **({"PYTHONPATH": str(source)} if source else {}))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (ROOT / "docs" / "checks" / "isolation.md").read_text()
    pages = {path.stem for path in (installed / "schemaproof" / "pages").iterdir()}
    assert pages == {"locks", *(each.name for each in ALL)}


def test_misspelt_check_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = schemaproof(tmp_path, "checks", "isolaton")
    assert (done.returncode, "`isolation`" in done.stderr) == (2, True)
