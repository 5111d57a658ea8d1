"""Measurements are ratios to a floor of the same run: the two are timed in turn, and the median of the pairs counts."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemaproof.config import load_target
from schemaproof.server import ServerSpec
from schemaproof.session import Session, open_session

ROOT = Path(__file__).parent.parent
Measure = Callable[..., None]


@dataclass(frozen=True)
class Ratio:
    name: str
    ratio: float
    limit: float
    ours: float
    floor: float

    def __str__(self) -> str:
        verdict = "ok" if self.ratio <= self.limit else "OVER"
        return (
            f"{verdict:5}{self.name:58} {self.ratio:6.2f} (limit {self.limit:.2f})   "
            f"{self.ours * 1000:9.2f} ms : {self.floor * 1000:9.2f} ms"
        )


_RATIOS = pytest.StashKey[list[Ratio]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_RATIOS] = []


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The canonical schema on the embedded server, migrated once."""
    with open_session(load_target(ROOT), ServerSpec(kind="embedded")) as opened:
        opened.template_name()
        yield opened


@pytest.fixture
def measure(benchmark: Any, request: pytest.FixtureRequest) -> Measure:
    """Time `ours` against `floor` in turn, and fail where the median of the pairs' ratios is over `limit`.

    Args (of the returned function): ours and floor, calls that do the work and may return how long it took in seconds;
    limit, the ratio allowed; allowance, seconds that ours may take beside the floor: the ratio is then the share of
    the allowance that it takes; pairs, how many.
    """

    def run(
        ours: Callable[[], float | None],
        floor: Callable[[], float | None],
        *,
        limit: float = 1.0,
        allowance: float | None = None,
        pairs: int = 7,
    ) -> None:
        _seconds(floor)  # a warm-up of each
        benchmark.pedantic(ours, rounds=1)
        timed = [(_seconds(ours), _seconds(floor)) for _ in range(pairs)]
        shares = [mine / base if allowance is None else (mine - base) / allowance for mine, base in timed]
        mine, base = (statistics.median(column) for column in zip(*timed, strict=True))
        found = Ratio(request.node.name, statistics.median(shares), limit, mine, base)
        request.config.stash[_RATIOS].append(found)
        benchmark.extra_info.update({"ratio": round(found.ratio, 3), "limit": limit, "floor_seconds": base})
        assert found.ratio <= limit, str(found)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash[_RATIOS]:
        terminalreporter.section("ratios to a floor of the same run (medians of pairs)")
        for found in config.stash[_RATIOS]:
            terminalreporter.line(str(found))


def _seconds(work: Callable[[], float | None]) -> float:
    started = time.perf_counter()
    told = work()
    return told if told is not None else time.perf_counter() - started
