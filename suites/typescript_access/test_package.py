"""The package as a service installs it: what it holds, that it is typed, and that its README is true."""

import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from fixtures import sample
from schema.drizzle.generate import PACKAGE, node_modules
from schemaproof.database import Database
from suites.typescript_access.node import run, url_of

pytestmark = pytest.mark.req("1.4")

_IMPORT = re.compile(r'(?:from|import) "([^"]+)"')


def _copy(folder: Path) -> Path:
    """Copy the package's sources, since what is built goes beside them."""
    for path in [*PACKAGE.glob("*.ts"), *PACKAGE.glob("*.json"), PACKAGE / "README.md"]:
        shutil.copy(path, folder)
    shutil.copytree(PACKAGE / "src", folder / "src")
    (folder / "node_modules").symlink_to(node_modules())
    return folder


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service that has installed what `npm pack` makes, Drizzle and node-postgres, with the README's example."""
    folder = tmp_path_factory.mktemp("service")
    modules = folder / "node_modules"
    (modules / "@types").mkdir(parents=True)
    for name in ("drizzle-orm", "pg", "@types/node", "@types/pg"):
        (modules / name).symlink_to(node_modules() / name)
    run("npm", "pack", "--silent", f"--pack-destination={folder}", cwd=_copy(tmp_path_factory.mktemp("package")))
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(modules, filter="data")
    (modules / "package").rename(modules / "messaging-schema")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (example,) = re.findall(r"```ts\n(.*?)```", (PACKAGE / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (folder / "example.ts").write_text(example, encoding="utf-8")
    return folder


def test_package_holds_what_is_built_and_no_source(service: Path) -> None:
    packed = service / "node_modules" / "messaging-schema"
    built = {path.relative_to(packed).with_suffix("").as_posix() for path in packed.rglob("*.js")}
    sources = [PACKAGE / "schema.ts", *(PACKAGE / "src").glob("*.ts")]
    assert built == {f"dist/{path.relative_to(PACKAGE).with_suffix('').as_posix()}" for path in sources}
    others = {path.name for path in packed.rglob("*") if path.is_file() and path.suffix not in (".js", ".ts")}
    assert others == {"README.md", "package.json"}
    assert not [path for path in packed.rglob("*.ts") if not path.name.endswith(".d.ts")]


def test_package_imports_drizzle_alone(service: Path) -> None:
    modules = (service / "node_modules" / "messaging-schema").rglob("*.js")
    names = {name for path in modules for name in _IMPORT.findall(path.read_text(encoding="utf-8"))}
    assert {name for name in names if not name.startswith(".")} == {"drizzle-orm", "drizzle-orm/pg-core"}


def test_example_of_the_readme_is_typed(service: Path) -> None:
    options = ("--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2022")
    run("tsc", *options, "example.ts", cwd=service)


def test_example_of_the_readme_runs(service: Path, sampled_db: Database) -> None:
    url = url_of(sampled_db, "authenticator")
    tsx = str(node_modules() / "tsx" / "dist" / "loader.mjs")
    run("node", "--import", tsx, "example.ts", cwd=service, DATABASE_URL=url, TENANT_ID=str(sample.tenant_id(1)))


def test_versions_are_pinned_and_locked() -> None:
    declared = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((PACKAGE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, version in declared["devDependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in package for place, package in locked.items() if place)


def test_environment_of_a_service_is_named() -> None:
    example = (PACKAGE / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^(\w+)=", example, re.MULTILINE)
    assert named == ["DATABASE_URL", "SUPABASE_URL", "SUPABASE_ANON_KEY"]
