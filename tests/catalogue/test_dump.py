"""The dump is the same text every time, and its password is nobody's to see."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from schemaproof.catalogue import dump_schema
from schemaproof.errors import ServerError
from schemaproof.server import Server
from tests.catalogue.conftest import BASE


@dataclass(frozen=True)
class Impostor:
    """What dump_schema() asks of a server, with a pg_dump that tells how it was called."""

    bin_dir: Path | None
    version: int = 170000

    def conninfo(self, dbname: str) -> str:
        return f"host=/nowhere user=somebody password='pass word' dbname={dbname}"

    def client_environment(self) -> dict[str, str]:
        return {"PATH": os.defpath}


def impostor(tmp_path: Path) -> Server:
    script = tmp_path / "pg_dump"
    script.write_text('#!/bin/sh\nprintf -- "--\\n-- Name: argv\\n%s\\n" "$*"\nprintf "%s\\n" "$PGPASSWORD"\n')
    script.chmod(0o700)
    return cast(Server, Impostor(tmp_path))


def test_dump_is_the_same_text_every_time(server: Server) -> None:
    assert dump_schema(server, BASE) == dump_schema(server, BASE)


def test_dump_holds_objects_and_nothing_of_the_session(server: Server) -> None:
    dump = dump_schema(server, BASE)
    assert dump.startswith("--\n-- Name: ")
    assert re.search(r"^CREATE POLICY select_member ON app.tenants", dump, re.MULTILINE)
    assert not re.search(r"^\\|^SET (?!default_)|Dumped (from|by)|transaction_timeout", dump, re.MULTILINE)


def test_dump_is_restricted_to_the_schemas_asked_for(server: Server) -> None:
    dump = dump_schema(server, BASE, ["cron"])
    assert "CREATE TABLE cron.job" in dump
    assert "app.tenants" not in dump


def test_schema_is_a_name_and_no_pattern(server: Server) -> None:
    with pytest.raises(ServerError):
        dump_schema(server, BASE, ["cr*"])


def test_password_is_in_the_environment_and_not_among_the_arguments(tmp_path: Path) -> None:
    arguments, password = dump_schema(impostor(tmp_path), "any").splitlines()[-2:]
    assert "--schema-only" in arguments
    assert "somebody" in arguments
    assert "pass" not in arguments.replace("--no-password", "")
    assert password == "pass word"
    assert "PGPASSWORD" not in os.environ


def test_missing_database_is_a_server_error(server: Server) -> None:
    with pytest.raises(ServerError, match="absent"):
        dump_schema(server, "absent")


def test_server_without_binaries_is_refused() -> None:
    with pytest.raises(ServerError):
        dump_schema(cast(Server, Impostor(None)), "any")
