"""The package as a service installs it: what its wheel holds, that it is typed, and that its README is true."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL

from schema.python.generate import PACKAGE

pytestmark = pytest.mark.req("1.4")

_PROJECT = Path(__file__).parents[2] / "schema" / "python"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel installs."""
    pytest.importorskip("hatchling", reason="the extra dev builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=_PROJECT, check=True, capture_output=True, timeout=60)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_wheel_holds_the_package_its_mark_of_types_and_nothing_else(site: Path) -> None:
    installed = {path.relative_to(site / PACKAGE.name) for path in (site / PACKAGE.name).rglob("*") if path.is_file()}
    ours = [path for path in PACKAGE.rglob("*") if path.suffix == ".py" or path.name == "py.typed"]
    assert installed == {path.relative_to(PACKAGE) for path in ours}
    assert {path.suffix for path in site.iterdir()} == {"", ".dist-info"}


def test_installed_package_knows_its_models_without_the_repository(site: Path, tmp_path: Path) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import messaging_schema as m; print(m.__file__)"
    command = [sys.executable, "-c", script, str(site)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(done.stdout.strip()).is_relative_to(site)


def _imported(folder: Path) -> set[str]:
    """The packages that the modules of a folder import, the standard library's aside."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def test_package_and_generator_know_of_nothing_else_here() -> None:
    assert _imported(PACKAGE) == {"messaging_schema", "psycopg", "sqlalchemy"}
    assert _imported(_PROJECT / "generate") == {"psycopg", "schema"}


def test_code_of_users_is_checked_against_what_is_installed(site: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="the extra dev checks types")
    sources = [Path(__file__).with_name(name) for name in ("user_code.py", "misuse.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), *map(str, sources)]
    done = subprocess.run(
        command, cwd=tmp_path, env={"MYPYPATH": str(site)}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout


def test_project_asks_for_what_the_repository_tests_with() -> None:
    own = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    root = tomllib.loads((_PROJECT.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert [each for each in own if each.startswith("sqlalchemy")] == root["project"]["optional-dependencies"]["access"]


def test_example_of_the_readme_runs(url: URL, tenants: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (_PROJECT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    names = {"tenant_id": tenants[0]}
    exec(compile(example, "README.md", "exec"), names)  # the example is ours
    names["engine"].dispose()  # type: ignore[attr-defined]
