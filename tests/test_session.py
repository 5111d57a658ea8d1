"""A session's server is one on which its proof would hold."""

from pathlib import Path

import pytest
from psycopg import sql

from schemaproof.config import load_target
from schemaproof.errors import ServerError, UsageError
from schemaproof.platform import load_platform
from schemaproof.server import ServerSpec, open_server
from schemaproof.session import open_session


def test_named_server_whose_postgres_is_a_superuser_is_refused_with_and_without_the_platforms_roles(
    clinic: Path,
) -> None:
    with open_server(ServerSpec(superuser="postgres")) as server, server.connect() as connection:
        spec = ServerSpec(kind="dsn", dsn=server.loopback_conninfo())
        for create_roles in (False, True):
            with pytest.raises(ServerError, match="postgres"):
                open_session(load_target(clinic), spec, create_roles=create_roles)
        for role in load_platform("supabase").missing_roles(connection):
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        with pytest.raises(ServerError, match="postgres"):
            open_session(load_target(clinic), spec)


def test_roles_of_a_named_server_are_created_only_when_asked_for(clinic: Path) -> None:
    with open_server(ServerSpec()) as server, server.connect() as connection:
        spec = ServerSpec(kind="dsn", dsn=server.loopback_conninfo())
        missing = load_platform("supabase").missing_roles(connection)
        with pytest.raises(UsageError, match="anon"):
            open_session(load_target(clinic), spec)
        assert load_platform("supabase").missing_roles(connection) == missing != ()
        open_session(load_target(clinic), spec, create_roles=True).close()
        assert load_platform("supabase").missing_roles(connection) == ()
