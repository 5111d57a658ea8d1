"""The clock of one started server's processes: set, jumped, or let run faster, by libfaketime and a file it reads."""

import importlib.util
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemaproof.errors import ServerError, UsageError
from schemaproof.server import Server, ServerSpec, open_server

__all__ = ["Clock", "clocked_server"]

_LIBRARY = "vendor/libfaketime/src/libfaketime.so.1"
_SAMPLES = 5
# What a library that was not loaded cannot do, and what a scheduler takes for a change of the clock, not for time lost:
# pg_cron makes up for jumps of less than three hours (src/pg_cron.c, StartAllPendingRuns).
_PROBE = timedelta(days=1).total_seconds()
_PROBE_RATE = 2.0
_LONGEST_NAP = 0.05


class Clock:
    """What a server's processes take for the time: `now = shown + (real - since) * rate`, in seconds of Unix time.

    Make one with `clocked_server`. Timestamps and timeouts of the server's processes follow it, those of this process
    do not. Reading the clock costs the server forty times as much, so nothing is measured on it.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._library = folder / "libfaketime.so.1"
        self._shown = self._since = self._began = time.time()
        self._rate = 1.0
        self._write("+0 x1")

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that a process needs from its start for its clock to be this one."""
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            # Waits of the server's own are counted on the monotonic clock: they would never end after a jump back.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def now(self) -> datetime:
        """Return the time that the clock shows, in UTC."""
        return datetime.fromtimestamp(self._at(time.time()), UTC)

    def jump(self, by: timedelta) -> None:
        """Move the clock forward, or back; it goes on at its speed."""
        real = time.time()
        self._set(self._at(real) + by.total_seconds(), real, self._rate)

    def jump_to(self, instant: datetime) -> None:
        """Move the clock to `instant`; raises UsageError where that has no time zone, so means no instant."""
        self._set(_seconds(instant), time.time(), self._rate)

    def speed(self, factor: float) -> None:
        """Let the clock run `factor` times as fast as time does, from what it shows now.

        Timeouts that processes begin to wait for from now on are as much shorter, those of a scheduler's connections
        too: at 60 it has 166 ms for what it gives 10 s.
        """
        if not 0 < factor <= 100_000:
            raise UsageError(f"A clock cannot run {factor} times as fast.", remedy="Give more than 0, up to 100000.")
        real = time.time()
        self._set(self._at(real), real, factor)

    def run_until(self, instant: datetime, *, factor: float = 60.0) -> None:
        """Return when the clock shows `instant`, having run `factor` times as fast, and then at time's own speed."""
        shown = _seconds(instant)
        self.speed(factor)
        while (left := shown - self._at(time.time())) > 0:
            time.sleep(min(left / factor, _LONGEST_NAP))
        self.speed(1.0)

    def calibrate(self, server: Server) -> None:
        """Learn when the server's processes began to count, and set the clock right.

        libfaketime counts a speed from the start of the postmaster, of which no one else keeps the time that precisely.

        Raises:
            ServerError: the server's sessions stay on real time.
        """
        self._write(f"{_PROBE:+f} x{_PROBE_RATE:f}")
        with server.connect() as connection:
            samples = []
            for _ in range(_SAMPLES):
                before = time.time()
                row = connection.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
                after = time.time()
                assert row is not None
                samples.append((after - before, (before + after) / 2, float(row[0])))
        _, real, shown = min(samples)
        if shown - real < _PROBE:
            raise ServerError(
                f"The server's clock does not move: {self._library} was not loaded.",
                remedy="Use a PostgreSQL that takes LD_PRELOAD: dynamically linked, for this machine's C library.",
            )
        self._began = (_PROBE + _PROBE_RATE * real - shown) / (_PROBE_RATE - 1)
        self._set(real := time.time(), real, 1.0)

    def _at(self, real: float) -> float:
        return self._shown + (real - self._since) * self._rate

    def _set(self, shown: float, real: float, rate: float) -> None:
        self._shown, self._since, self._rate = shown, real, rate
        offset = shown - self._began - (real - self._began) * rate
        self._write(f"{offset:+.6f} x{rate:.6f}")

    def _write(self, text: str) -> None:
        """Replace the file in one step: processes read it at any time."""
        new = self._file.with_suffix(".new")
        new.write_text(text + "\n", encoding="ascii")
        new.chmod(0o644)
        new.replace(self._file)


def _seconds(instant: datetime) -> float:
    if instant.tzinfo is None:
        raise UsageError(f"{instant} is no instant: it has no time zone.", remedy="Give one, `datetime.UTC` say.")
    return instant.timestamp()


@contextmanager
def clocked_server(spec: ServerSpec) -> Iterator[tuple[Server, Clock]]:
    """Start the server of `spec` with a clock of its own, which shows the real time at first.

    initdb and the caches know nothing of it (`ServerSpec.environment`).

    Raises:
        UsageError: the extra `clock` is not installed, or the server is not one that schemaproof starts.
        ServerError: it does not start, or its clock does not move.
    """
    if spec.kind == "dsn":
        raise UsageError(
            "The clock of a server that schemaproof did not start cannot be moved.",
            remedy="Use the server kind embedded or system.",
        )
    library = _find_library()
    with tempfile.TemporaryDirectory(prefix="schemaproof-clock-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # a root's server runs as another account, which a virtual environment may be closed to
        shutil.copyfile(library, folder / library.name)
        (folder / library.name).chmod(0o755)
        clock = Clock(folder)
        with open_server(replace(spec, environment={**spec.environment, **clock.environment})) as server:
            clock.calibrate(server)
            yield server, clock


def _find_library() -> Path:
    """Find libfaketime in its package without importing that, which patches the process."""
    found = importlib.util.find_spec("libfaketime")
    if found is None or found.origin is None:
        raise UsageError(
            "Moving a server's clock takes libfaketime, which is not installed.",
            remedy="Install it: pip install 'schemaproof[clock]'",
        )
    library = Path(found.origin).parent / _LIBRARY
    if not library.is_file():
        raise UsageError(
            f"Moving a server's clock takes Linux: libfaketime has no {library.name} here.",
            remedy="Run these tests on Linux.",
        )
    return library
