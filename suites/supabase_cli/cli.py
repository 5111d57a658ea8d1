"""The real Supabase CLI, run on a database of a started server as the role that migrates there."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from schemaproof.database import Database

__all__ = ["VARIABLE", "Answer", "Cli", "find_program"]

VARIABLE = "SCHEMAPROOF_SUPABASE_CLI"

_ROLE = "postgres"
_STATE = re.compile(r"\(SQLSTATE (\w{5})\)")
_SECONDS = 120


@dataclass(frozen=True)
class Answer:
    """What a command came to; `text` is all that it printed."""

    code: int
    text: str

    @property
    def verdict(self) -> str:
        """`applied`, the SQLSTATE of the refusal, or `refused` where no server was asked."""
        found = _STATE.search(self.text)
        return "applied" if self.code == 0 else found[1] if found else "refused"


@dataclass(frozen=True)
class Cli:
    """The program, with a home of its own: it finds no login, no settings and no telemetry there."""

    program: str
    home: Path

    def push(self, project: Path, database: Database, *flags: str) -> Answer:
        """Push the migrations of the project in the folder `project`."""
        return self._run(project, database, "db", "push", *flags)

    def versions(self, project: Path, database: Database) -> list[tuple[str, str]]:
        """Return what `migration list` says: each version as it is in the files and in the database."""
        found = self._json(project, database, "migration", "list")["migrations"]
        return [(each["local"], each["remote"]) for each in found]

    def fetch(self, project: Path, database: Database) -> list[Path]:
        """Write the files of the migrations in the ledger, as `migration fetch` does, and return them."""
        assert self._run(project, database, "migration", "fetch").code == 0
        return sorted((project / "supabase" / "migrations").iterdir())

    def revert(self, project: Path, database: Database, version: str) -> None:
        """Take a version out of the ledger, as `migration repair --status reverted` does."""
        assert self._run(project, database, "migration", "repair", "--status", "reverted", version).code == 0

    def lint(self, project: Path, database: Database, schemas: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return what `db lint` finds: functions with their issues."""
        found: list[dict[str, Any]] = self._json(project, database, "db", "lint", "--schema", ",".join(schemas))[
            "results"
        ]
        return found

    def advisors(self, project: Path, database: Database) -> list[dict[str, Any]]:
        """Return what `db advisors` says, hints included."""
        found: list[dict[str, Any]] = self._json(project, database, "db", "advisors", "--level", "info")["results"]
        return found

    def _json(self, project: Path, database: Database, *command: str) -> dict[str, Any]:
        done = self._done(project, database, *command, "--output-format", "json")
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def _run(self, project: Path, database: Database, *command: str) -> Answer:
        done = self._done(project, database, *command)
        return Answer(done.returncode, done.stdout + done.stderr)

    def _done(self, project: Path, database: Database, *command: str) -> subprocess.CompletedProcess[str]:
        line = [self.program, *command, f"--remote={_url(database)}", "--workdir", str(project), "--yes", "--agent=no"]
        return subprocess.run(
            line, env=self._environment(), cwd=project, capture_output=True, text=True, timeout=_SECONDS, check=False
        )

    def _environment(self) -> Mapping[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "SUPABASE_TELEMETRY_DISABLED": "1"}


def _url(database: Database) -> str:
    """Name the server's socket: it lets any role in, where loopback is for the superuser alone."""
    parameters = database.server.parameters
    socket, port = quote(parameters["host"], safe=""), parameters["port"]
    return f"postgresql://{_ROLE}@localhost:{port}/{database.name}?sslmode=disable&host={socket}"


def find_program() -> str | None:
    """Return the program that the variable names, if it is there and starts."""
    program = shutil.which(os.environ.get(VARIABLE, ""))
    if program is None:
        return None
    done = subprocess.run([program, "--version"], capture_output=True, check=False)
    return program if done.returncode == 0 else None
