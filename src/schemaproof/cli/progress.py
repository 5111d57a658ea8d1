"""A session that is worked in while a line on the terminal says what goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemaproof.cli.ending import end_if_asked

if TYPE_CHECKING:
    from schemaproof.config import Target
    from schemaproof.server import ServerSpec
    from schemaproof.session import Session

__all__ = ["session_shown"]


@contextmanager
def session_shown(
    target: "Target", spec: "ServerSpec", *, create_roles: bool
) -> "Iterator[tuple[Session, Callable[[str], None]]]":
    """Open a session; give it with what tells the line, and ends the command where a signal has come.

    Raises:
        ServerError: there is no server, or it failed on the way.
    """
    # Loaded now, since --help is to be quick.
    from rich.console import Console

    from schemaproof.server import outages_told
    from schemaproof.session import open_session

    def tell(what: str) -> None:
        end_if_asked()
        status.update(what)

    with (
        outages_told(),
        Console(stderr=True).status("starting PostgreSQL") as status,
        open_session(target, spec, create_roles=create_roles) as session,
    ):
        yield session, tell
    end_if_asked()
