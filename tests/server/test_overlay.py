"""A started server has the emulated extensions that its installation lacks, and the installation stays as it was."""

import subprocess
import sys
from pathlib import Path

import pytest

from schemaproof.server import EmulatedExtension, ServerSpec, open_server
from schemaproof.server.installation import Installation, find_installation
from schemaproof.server.overlay import make_overlay
from schemaproof.server.spec import Kind

from .conftest import EACH_KIND


def emulated(folder: Path, name: str, *, answer: int = 1, replaces_real: bool = False) -> EmulatedExtension:
    folder.mkdir(exist_ok=True)
    control, script = folder / f"{name}.control", folder / f"{name}--9.9.sql"
    control.write_text("default_version = '9.9'\nrelocatable = true\n")
    script.write_text(f"create function answer() returns int language sql return {answer};\n")
    return EmulatedExtension(name, (control, script), replaces_real)


def answer(spec: ServerSpec, name: str) -> tuple[object, ...]:
    with open_server(spec) as server, server.connect() as connection:
        connection.execute(f'create extension "{name}"')
        row = connection.execute("select answer(), extversion from pg_extension where extname = %s", (name,)).fetchone()
        assert row is not None
        return row


def share(bin_dir: Path) -> Path:
    told = subprocess.run([bin_dir / "pg_config", "--sharedir"], capture_output=True, text=True, check=True)
    return Path(told.stdout.strip()) / "extension"


@pytest.mark.parametrize("kind", EACH_KIND)
def test_extension_that_the_installation_lacks_can_be_created(kind: Kind, tmp_path: Path) -> None:
    extension = emulated(tmp_path, "lacking ext")
    assert answer(ServerSpec(kind=kind, extensions=(extension,)), "lacking ext") == (1, "9.9")
    assert not list(share(find_installation(ServerSpec(kind=kind)).bin_dir).glob("lacking*"))


@pytest.mark.parametrize("kind", EACH_KIND)
def test_real_extension_is_used_where_there_is_one(kind: Kind, tmp_path: Path) -> None:
    extension = emulated(tmp_path, "citext")
    with (
        open_server(ServerSpec(kind=kind, extensions=(extension,))) as server,
        server.connect() as connection,
    ):
        connection.execute("create extension citext")
        assert connection.execute("select 'A'::citext = 'a'").fetchone() == (True,)


@pytest.mark.parametrize("kind", EACH_KIND)
def test_real_extension_is_replaced_when_asked_and_stays_whole(kind: Kind, tmp_path: Path) -> None:
    originals = sorted(share(find_installation(ServerSpec(kind=kind)).bin_dir).glob("citext*"))
    before = [(path, path.read_bytes(), path.stat().st_mode) for path in originals]
    extension = emulated(tmp_path, "citext", replaces_real=True)

    assert answer(ServerSpec(kind=kind, extensions=(extension,)), "citext") == (1, "9.9")

    assert [(path, path.read_bytes(), path.stat().st_mode) for path in originals] == before


def test_changed_extension_gets_an_overlay_of_its_own(tmp_path: Path) -> None:
    for value in (1, 2, 1):
        extension = emulated(tmp_path, "changing", answer=value)
        assert answer(ServerSpec(kind="embedded", extensions=(extension,)), "changing") == (value, "9.9")


def test_overlay_on_another_file_system_is_a_copy(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    assert answer(ServerSpec(kind="embedded", extensions=(emulated(tmp_path, "far"),)), "far") == (1, "9.9")
    (program,) = cache.glob("overlays/*/bin/postgres")
    assert program.stat().st_nlink == 1


def test_installation_without_pg_config_will_do(cache: Path, tmp_path: Path) -> None:
    original = find_installation(ServerSpec(kind="embedded"))
    bare = make_overlay(original, (), tmp_path)
    (bare.programs / "pg_config").unlink()

    copy = make_overlay(Installation("system", bare.programs, original.release), (emulated(tmp_path, "x"),), tmp_path)

    assert (copy.root / "share" / "extension" / "x.control").exists()
    assert (copy.root / "share" / "extension" / "plpgsql.control").exists()
    assert any((copy.root / "lib").glob("plpgsql.*"))


def test_two_processes_may_build_at_once(cache: Path) -> None:
    code = "from schemaproof.server import *; open_server(ServerSpec(kind='embedded')).close()"
    both = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate()[1], process.returncode) for process in both] == [("", 0), ("", 0)]
    for kind in ("overlays", "data"):
        assert len(list((cache / kind).iterdir())) == 1
