"""Start PostgreSQL in a container of any image that speaks the official image's variables, open to loopback only."""

import os
import secrets
import socket
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from schemaproof.errors import ServerError
from schemaproof.server.account import Account
from schemaproof.server.daemon import connect_docker, find_image
from schemaproof.server.installation import OLDEST_MAJOR, find_client_programs
from schemaproof.server.postmaster import Postmaster
from schemaproof.server.recipe import PORT, Recipe, password_of
from schemaproof.server.run_directory import make_run_directory, remove_leftovers
from schemaproof.server.server import Server
from schemaproof.server.spec import ServerSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker import DockerClient
    from docker.models.containers import Container

__all__ = ["open_container"]

_READY_SECONDS = 120.0  # an image may have migrations of its own to run
_POLL_SECONDS = 0.05
_LOG_TAIL_LINES = 30
_RUN, _PLACE, _REUSED = "schemaproof.run", "schemaproof.place", "schemaproof.reused"


def open_container(spec: ServerSpec) -> Server:
    """Start a server in a container, which goes with the run; with `reuse` take the one that an earlier run left.

    Raises:
        ServerError: no daemon, no image, or it does not become a PostgreSQL that lets us in; nothing is left then.
    """
    if spec.image is None:
        raise ServerError("No image is named for the container.", remedy="Name one: --image postgres:17.")
    with connect_docker() as client:
        _remove_leftovers(client)
        recipe = Recipe.of(spec, find_image(client, spec.image))
        if spec.reuse:
            return _server(recipe, _reused(client, recipe), spec, None)
        return _started(client, recipe, spec)


def _started(client: "DockerClient", recipe: Recipe, spec: ServerSpec) -> Server:
    """Start a container whose guardian removes it, however this process ends."""
    keeper_account = Account(os.geteuid(), os.getegid(), switched=False)
    run = make_run_directory(keeper_account)
    keeper = Postmaster(run, keeper_account)
    try:
        name = f"schemaproof-{run.path.name.rpartition('-')[2]}-{secrets.token_hex(4)}"
        keeper.finally_run(_removal(name))
        with _refusals_told(recipe, client):
            container = recipe.create(client, name, {_RUN: str(run.path), _PLACE: _place()})
            container.start()
        return _server(recipe, container, spec, keeper)
    except BaseException:
        keeper.close()
        raise


def _removal(name: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "schemaproof.server.container_end", name)


def _reused(client: "DockerClient", recipe: Recipe) -> "Container":
    """Return the one container of its key, made by this run or an earlier one, or by one that runs beside it."""
    from docker.errors import APIError, NotFound

    name = f"schemaproof-reused-{recipe.key}"
    with _refusals_told(recipe, client):
        try:
            container = client.containers.get(name)
        except NotFound:
            try:
                container = recipe.create(client, name, {_REUSED: "true"})
            except APIError as error:
                if error.status_code != 409:  # the name is taken: another run was first
                    raise
                container = client.containers.get(name)
        container.start()
    return container


def _server(recipe: Recipe, container: "Container", spec: ServerSpec, keeper: Postmaster | None) -> Server:
    from psycopg.conninfo import make_conninfo

    container.reload()
    password, ports = password_of(container), _ports(container)
    if not ports:
        raise _failure(recipe, container, "ended while it started", password)
    parameters = {
        "host": "127.0.0.1",
        "port": ports[0]["HostPort"],
        "user": recipe.superuser,
        "password": password,
        "dbname": "postgres",
    }
    conninfo = make_conninfo(**parameters)
    _wait(recipe, container, conninfo, password)
    version = _version(recipe, container, conninfo, password)
    _refuse_other_version(recipe.name, version // 10000, spec.version)
    return Server(
        kind="container",
        version=version,
        superuser=recipe.superuser,
        bin_dir=find_client_programs(version // 10000),
        owned=keeper is not None,
        parameters=parameters,
        image=recipe.name,
        _postmaster=keeper,
    )


def _ports(container: "Container") -> list[dict[str, str]]:
    return container.attrs["NetworkSettings"]["Ports"].get(PORT) or []


def _wait(recipe: Recipe, container: "Container", conninfo: str, password: str) -> None:
    from psycopg.pq import PGconn, Ping

    until = time.monotonic() + _READY_SECONDS
    while PGconn.ping(conninfo.encode()) != Ping.OK:
        container.reload()
        if container.status != "running":
            raise _failure(recipe, container, "ended while it started", password)
        if time.monotonic() > until:
            raise _failure(recipe, container, f"does not answer on port 5432 within {_READY_SECONDS:.0f} s", password)
        time.sleep(_POLL_SECONDS)


def _version(recipe: Recipe, container: "Container", conninfo: str, password: str) -> int:
    import psycopg

    try:
        with psycopg.connect(conninfo) as connection:
            return connection.info.server_version
    except psycopg.Error as error:
        what = f"does not let {recipe.superuser} in ({str(error).strip()})"
        raise _failure(recipe, container, what, password) from None


def _refuse_other_version(image: str, major: int, wanted: int | None) -> None:
    if wanted not in (None, major):
        raise ServerError(
            f"The image {image} holds PostgreSQL {major}, not {wanted}.",
            remedy="Name an image of that version with --image, or leave out --pg-version.",
        )
    if major < OLDEST_MAJOR:
        raise ServerError(
            f"The image {image} holds PostgreSQL {major}; {OLDEST_MAJOR} is the oldest that works.",
            remedy="Name a newer image with --image.",
        )


def _failure(recipe: Recipe, container: "Container", what: str, password: str) -> ServerError:
    from docker.errors import DockerException

    log = ""
    with suppress(DockerException):
        log = container.logs(tail=_LOG_TAIL_LINES).decode(errors="replace").replace(password, "***").strip()
    reused = container.name if _REUSED in container.labels else None
    return ServerError(
        f"The container of {recipe.name} {what}.{_architecture(recipe, container.client)}"
        + (f" The end of its log:\n{log}" if log else " Its log is empty."),
        remedy=f"Remove it, and the next run makes another: docker rm -fv {reused}."
        if reused
        else "Name an image that speaks the official image's variables (POSTGRES_USER, POSTGRES_PASSWORD, "
        "POSTGRES_DB, POSTGRES_INITDB_ARGS), or mend what its log names.",
    )


@contextmanager
def _refusals_told(recipe: Recipe, client: "DockerClient") -> "Iterator[None]":
    from docker.errors import DockerException

    try:
        yield
    except (DockerException, OSError) as error:
        reason = getattr(error, "explanation", None) or str(error)
        raise ServerError(
            f"Docker does not start a container of {recipe.name}: {reason}{_architecture(recipe, client)}",
            remedy="Mend what it names, or name another image with --image.",
        ) from error


def _architecture(recipe: Recipe, client: "DockerClient | None") -> str:
    """Say so where an image was made for other machines: some emulate them, so it is no reason to refuse it."""
    from docker.errors import DockerException

    made_for = recipe.image.attrs.get("Architecture")
    with suppress(DockerException, OSError):
        here = client.version()["Arch"] if client else made_for
        if made_for and made_for != here:
            return f" It is an image for {made_for}, and this machine is {here}."
    return ""


def _remove_leftovers(client: "DockerClient") -> None:
    """Remove the containers of this machine's runs whose owner and guardian were both killed."""
    from docker.errors import DockerException

    remove_leftovers()
    with suppress(DockerException):
        for container in client.containers.list(all=True, filters={"label": f"{_PLACE}={_place()}"}):
            if not Path(container.labels[_RUN]).exists():
                container.remove(force=True, v=True)


def _place() -> str:
    """Name the system in which a run's directory means something: a daemon may serve several."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/mnt').readlink()}"
    except OSError:  # no Linux
        return socket.gethostname()
