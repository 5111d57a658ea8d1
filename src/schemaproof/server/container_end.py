"""Removes a container: what a run's guardian does last (`python -m schemaproof.server.container_end NAME`)."""

import sys
import time

from schemaproof.server.daemon import connect_docker

__all__ = ["remove_container"]

_LATE_SECONDS = 3.0
_POLL_SECONDS = 0.1


def remove_container(name: str) -> None:
    """Remove a container with its volumes; one that the daemon is about to make, for an owner killed just now, too."""
    from docker.errors import APIError, NotFound

    until = time.monotonic() + _LATE_SECONDS
    with connect_docker() as client:
        while True:
            try:
                client.containers.get(name).remove(force=True, v=True)
            except NotFound:
                if time.monotonic() > until:
                    return
                time.sleep(_POLL_SECONDS)
            except APIError:  # it is being removed already
                time.sleep(_POLL_SECONDS)
            else:
                return


if __name__ == "__main__":
    remove_container(sys.argv[1])
