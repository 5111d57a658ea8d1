"""A port of 127.0.0.1 for a started server."""

import socket

__all__ = ["free_port", "is_free"]


def free_port() -> int:
    """Return a port that is free now; another process may take it before it is used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL sets it
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
