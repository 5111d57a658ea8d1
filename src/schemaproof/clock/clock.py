"""The clock of one started server's processes: set, jumped, or let run faster."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from schemaproof.clock.faketime import Faketime, faketime
from schemaproof.errors import ServerError, UsageError
from schemaproof.server import Server, ServerSpec, open_server

__all__ = ["Clock", "clocked_server"]

# pg_cron takes a jump of more than three hours for a change of the clock, and does not make up for what it passed over
# (StartAllPendingRuns in src/pg_cron.c).
_PROBE = timedelta(days=1)
_EXACT_SECONDS = 1.0
_LONGEST_NAP = 0.05
_FASTEST = 100_000


class Clock:
    """What a server's processes take for the time. It runs on from what it shows, at time's own speed at first.

    Made by `clocked_server`. The server's timestamps and timeouts follow it, those of this process do not. Reading the
    time costs the server forty times as much, so nothing is measured there.
    """

    def __init__(self, prepared: Faketime) -> None:
        self._prepared = prepared
        self._shown = self._since = prepared.began
        self._rate = 1.0

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

        Raises:
            UsageError: it is not more than 0, or more than 100000.
        """
        if not 0 < factor <= _FASTEST:
            raise UsageError(
                f"A clock cannot run {factor} times as fast.", remedy=f"Give more than 0, up to {_FASTEST}."
            )
        real = time.time()
        self._set(self._at(real), real, factor)

    def run_until(self, instant: datetime, *, factor: float = 60.0) -> None:
        """Return when the clock shows `instant`, having run `factor` times as fast; it goes on at time's own speed."""
        shown = _seconds(instant)
        self.speed(factor)
        while (left := shown - self._at(time.time())) > 0:
            time.sleep(min(left / factor, _LONGEST_NAP))
        self.speed(1.0)

    def _at(self, real: float) -> float:
        return self._shown + (real - self._since) * self._rate

    def _set(self, shown: float, real: float, rate: float) -> None:
        self._shown, self._since, self._rate = shown, real, rate
        began = self._prepared.began
        self._prepared.show(shown - began - (real - began) * rate, rate)


@contextmanager
def clocked_server(spec: ServerSpec) -> Iterator[tuple[Server, Clock]]:
    """Start the server of `spec` with a clock of its own, which shows the real time at first.

    initdb and the caches know nothing of it (`ServerSpec.environment`).

    Raises:
        UsageError: the extra `clock` is not installed, or the server is not one that schemaproof starts.
        ServerError: it does not start, or its clock does not move.
    """
    if spec.kind in ("container", "dsn"):
        raise UsageError(
            "The clock of a container, or of a server that schemaproof did not start, cannot be moved.",
            remedy="Use the server kind embedded or system.",
        )
    with (
        faketime(time.time()) as prepared,
        open_server(replace(spec, environment={**spec.environment, **prepared.environment})) as server,
    ):
        clock = Clock(prepared)
        _require_movement(server, clock)
        yield server, clock


def _require_movement(server: Server, clock: Clock) -> None:
    """Move the clock there and back. A library that cannot be loaded is overlooked by the system without a word."""
    with server.connect() as connection:
        clock.jump(_PROBE)
        before = clock.now()
        row = connection.execute("select clock_timestamp()").fetchone()
        after = clock.now()
        clock.jump(-_PROBE)
    assert row is not None
    slack = timedelta(seconds=_EXACT_SECONDS)
    if not before - slack <= row[0] <= after + slack:
        raise ServerError(
            f"The server's clock does not move as it should: it shows {row[0]}, not {after}.",
            remedy="Use a PostgreSQL that takes LD_PRELOAD (dynamically linked, for this machine's C library), and the "
            "version of libfaketime that schemaproof[clock] asks for.",
        )


def _seconds(instant: datetime) -> float:
    if instant.tzinfo is None:
        raise UsageError(f"{instant} is no instant: it has no time zone.", remedy="Give one, `datetime.UTC` say.")
    return instant.timestamp()
