"""Something done again and again beside a block, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["polled"]


@contextmanager
def polled(look: Callable[[], object], *, pause: float) -> Iterator[None]:
    """Call `look` every `pause` seconds while the block runs; what it began is done when the block has ended."""
    done = threading.Event()

    def run() -> None:
        while not done.wait(pause):
            look()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
