"""The Docker daemon: reached through testcontainers, which knows its places, and asked for images."""

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from schemaproof.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker import DockerClient
    from docker.models.images import Image

__all__ = ["connect_docker", "find_image"]

# What the client calls a Unix socket, Windows' named pipe, and a daemon on this machine's loopback.
_HERE = ("localhost", "localnpipe", "127.0.0.1", "::1")
_WITHOUT = "or leave out --server container: schemaproof starts a PostgreSQL without Docker too."


@contextmanager
def connect_docker() -> "Iterator[DockerClient]":
    """Reach the daemon that the environment, Docker's context or testcontainers' settings name.

    Raises:
        ServerError: testcontainers is not installed, no daemon answers, or it is another machine's.
    """
    try:
        from docker.errors import DockerException
        from testcontainers.core.docker_client import DockerClient
    except ModuleNotFoundError as error:
        raise ServerError(
            f"{error.name} is not installed, which --server container needs.",
            remedy="Install it: pip install 'schemaproof[container]'.",
        ) from error
    try:
        client = DockerClient().client
        client.ping()
    except (DockerException, OSError, ValueError) as error:  # the last of a DOCKER_HOST that is no address
        raise _unreachable(str(error)) from error
    try:
        _refuse_remote(client)
        yield client
    finally:
        client.close()


def _unreachable(reason: str) -> ServerError:
    if "permission denied" in reason.lower():
        return ServerError(
            f"The Docker daemon does not let this user in: {reason}",
            remedy=f"Join the group `docker` (and log in anew), or use rootless Docker; {_WITHOUT}",
        )
    return ServerError(
        f"No Docker daemon answers: {reason}", remedy=f"Start Docker, or set DOCKER_HOST to where it is; {_WITHOUT}"
    )


def _refuse_remote(client: "DockerClient") -> None:
    host = urlsplit(client.api.base_url).hostname
    if host not in _HERE:
        raise ServerError(
            f"The Docker daemon is on another machine ({client.api.base_url}); a server is opened on loopback only, "
            "which would be that machine's.",
            remedy=f"Use a daemon on this machine; {_WITHOUT}",
        )


def find_image(client: "DockerClient", name: str) -> "Image":
    """Return an image, pulled if it is not there.

    Raises:
        ServerError: it cannot be had.
    """
    from docker.errors import DockerException, ImageNotFound
    from docker.utils import parse_repository_tag

    try:
        return client.images.get(name)
    except ImageNotFound:
        pass
    except DockerException as error:
        raise _no_image(name, error) from error
    repository, tag = parse_repository_tag(name)
    try:
        return client.images.pull(repository, tag=tag or "latest")
    except (DockerException, OSError) as error:
        raise _no_image(name, error) from error


def _no_image(name: str, error: Exception) -> ServerError:
    reason = getattr(error, "explanation", None) or str(error)
    return ServerError(
        f"The image {name} is not on this machine and cannot be pulled: {reason}",
        remedy="Mend its name, log in to its registry (docker login), or name another with --image.",
    )
