"""Node.js and the packages of `schema/drizzle`, and a database's URL as a service has it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from psycopg.conninfo import conninfo_to_dict

from schema.drizzle.generate import PACKAGE, node_modules
from schemaproof.database import Database

__all__ = ["require_packages", "run", "url_of"]

_INSTALL = "npm ci --prefix schema/drizzle"


def require_packages() -> None:
    """Skip where Node.js or the packages are missing; where they must be there, fail."""
    if reason := _what_is_missing():
        (pytest.fail if "SCHEMAPROOF_REQUIRE_SYSTEM" in os.environ else pytest.skip)(reason)


def _what_is_missing() -> str | None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return f"Node.js 18.19 or later with npm is missing (Debian: apt install nodejs npm); then run {_INSTALL}"
    installed = _versions(node_modules() / ".package-lock.json")  # which npm writes last
    if not installed.items() <= _versions(PACKAGE / "package-lock.json").items() or not installed:
        return f"the packages of schema/drizzle are not installed, or other versions of them: run {_INSTALL}"
    return None


def _versions(lock: Path) -> dict[str, str]:
    """Return the versions by place; on each platform fewer are installed than are locked."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"] if lock.exists() else {}
    return {place: package["version"] for place, package in packages.items() if place}


def run(*command: str, cwd: Path = PACKAGE, **environment: str) -> str:
    """Run a command of Node.js or of a package, and return what it printed; a failure is the test's, with its words."""
    path = f"{node_modules() / '.bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | {"PATH": path, "NO_COLOR": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def url_of(database: Database, role: str | None = None) -> str:
    """Return the URL of a database, which node-postgres and drizzle-kit take; a socket's folder is a parameter."""
    given = {name: str(value) for name, value in conninfo_to_dict(database.conninfo(role)).items()}
    host, user, name = given.get("host", "localhost"), quote(given.get("user", "")), quote(given["dbname"])
    password = f":{quote(given['password'], safe='')}" if "password" in given else ""
    place = f"{'localhost' if host.startswith('/') else host}:{given.get('port', '5432')}"
    query = f"?{urlencode({'host': host})}" if host.startswith("/") else ""
    return f"postgresql://{user}{password}@{place}/{name}{query}"
