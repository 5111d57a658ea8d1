"""Progress bars of a load, on a terminal; elsewhere nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from schemaproof.volume.loading import Progress

__all__ = ["progress_bars"]


@contextmanager
def progress_bars(*, console: Console | None = None) -> Iterator[Progress]:
    """Lend what `load` may tell its progress to: a bar for each table, and for indexes, keys and statistics.

    Args:
        console: where to (default: standard error).
    """
    console = console or Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def told(what: str, now: int, everything: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=everything)
            bars.update(tasks[what], completed=now, total=everything)

        yield told
