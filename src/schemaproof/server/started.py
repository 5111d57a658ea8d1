"""Start a server of our own: installation, overlay, data directory, postmaster, in that order."""

import importlib
import secrets
import threading
from dataclasses import replace
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server.account import server_account
from schemaproof.server.cache import cache_directory
from schemaproof.server.cluster import Cluster
from schemaproof.server.installation import find_installation
from schemaproof.server.overlay import Overlay, make_overlay
from schemaproof.server.port import free_port, is_free
from schemaproof.server.postmaster import Postmaster
from schemaproof.server.run_directory import RunDirectory, make_run_directory, remove_leftovers
from schemaproof.server.server import Server
from schemaproof.server.spec import ServerSpec

__all__ = ["start_server"]

_TRIES = 5


def start_server(spec: ServerSpec) -> Server:
    """Start a private server.

    Raises:
        ServerError: no PostgreSQL, no space, or it does not start; nothing is left then.
    """
    # It takes as long as copying the data directory, which another process does.
    threading.Thread(target=importlib.import_module, args=("psycopg",)).start()
    installation = find_installation(spec)
    account = server_account()
    cache = cache_directory(shared=account.switched)
    copy = make_overlay(installation, spec.extensions, cache)
    remove_leftovers()
    run = make_run_directory(account)
    postmaster = Postmaster(run, account)
    try:
        cluster = Cluster(spec, installation, copy.programs, account, cache)
        port = _start(postmaster, cluster, run, copy.programs / "postgres", spec)
        server = Server(
            kind=installation.kind,
            version=0,
            superuser=spec.superuser,
            bin_dir=installation.bin_dir,
            owned=True,
            parameters={"host": str(run.socket), "port": str(port), "user": spec.superuser, "dbname": "postgres"},
            password=secrets.token_urlsafe(24),
            _postmaster=postmaster,
        )
        version = _first_connection(server, copy)
    except BaseException:
        postmaster.close()
        raise
    return replace(server, version=version)


def _start(postmaster: Postmaster, cluster: Cluster, run: RunDirectory, program: Path, spec: ServerSpec) -> int:
    """Start on a free port and return it; again when another process took it first, or when the cached data are bad."""
    from_cache = cluster.fill(run)
    for tries_left in reversed(range(_TRIES)):
        port = free_port()
        cluster.configure(run, port)
        try:
            postmaster.start(program, spec.environment)
        except ServerError:
            taken = not is_free(port)
            if not tries_left or not (taken or from_cache):
                raise
            if not taken:
                cluster.refill(run)
                from_cache = False
        else:
            return port
    raise AssertionError("the last try returns or raises")


def _first_connection(server: Server, copy: Overlay) -> int:
    """Set the superuser's password, make sure that the overlay is what runs, and return the version."""
    from psycopg import sql

    assert server.password is not None
    with server.connect() as connection:
        verifier = connection.pgconn.encrypt_password(
            server.password.encode(), server.superuser.encode(), b"scram-sha-256"
        )
        statement = sql.SQL("alter role {} password {}").format(sql.Identifier(server.superuser), verifier.decode())
        connection.execute(statement)
        row = connection.execute("select setting from pg_config where name = 'SHAREDIR'").fetchone()
        assert row is not None
        if not Path(row[0]).is_relative_to(copy.root):
            raise ServerError(
                f"PostgreSQL in {copy.programs} uses the files of another installation: {row[0]}.",
                remedy="Use another PostgreSQL: this build cannot be given emulated extensions.",
            )
        return connection.info.server_version
