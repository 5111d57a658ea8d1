"""A directory for a run's files that goes with the run, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemaproof.server.account import server_account
from schemaproof.server.postmaster import Postmaster
from schemaproof.server.run_directory import make_run_directory

__all__ = ["scratch_directory"]


@contextmanager
def scratch_directory() -> Iterator[Path]:
    """Lend an empty directory; a guardian removes it, also when this process is killed.

    Raises:
        ServerError: no temporary directory takes it.
    """
    account = server_account()
    run = make_run_directory(account)
    keeper = Postmaster(run, account)
    try:
        path = run.path / "files"
        path.mkdir(mode=0o700)
        yield path
    finally:
        keeper.close()
