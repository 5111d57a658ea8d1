"""A local imitation of PostgREST behind Supabase's gateway: no PostgREST, but a real database behind it.

It answers as PostgREST's pages OpenAPI, Errors, Schemas and Tables and Views describe, as far as `schemaproof rest`
asks: the root's document for the role, rows of a relation by `select` and `limit`, PostgreSQL's errors with their
SQLSTATE, PostgREST's own codes; and as Supabase's changelog of 2026-02-17 says of a root that is closed to visitors.
Who may read what is PostgreSQL's own answer: the statements run there as the role.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import sql

from schemaproof.database import Database

__all__ = ["KEY", "Imitation", "Reply", "Request", "closed_root", "imitate"]

KEY = "sb_publishable_an-imitated-key"
CLOSED = {
    "message": "Access to schema is forbidden",
    "hint": "Accessing the schema via the Data API is only allowed using a secret API key.",
}
_STATUS = {"42501": 401, "42P01": 404, "42883": 404, "57014": 500}


@dataclass(frozen=True)
class Reply:
    status: int
    body: str
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json; charset=utf-8"),)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


Answering = Callable[[Request], Reply | None]


@dataclass
class Imitation:
    """A root at `url`, what it was asked, and what answers in its stead."""

    database: Database | None
    instead: Answering
    url: str = ""
    asked: list[Request] = field(default_factory=list)

    def reply(self, request: Request) -> Reply:
        self.asked.append(request)
        if reply := self.instead(request):
            return reply
        if request.headers.get("apikey") != KEY:
            return _json(401, {"message": "Invalid API key", "hint": "Double check your API key."})
        if request.headers.get("accept-profile", "public") != "public":
            message = "The schema must be one of the following: public"
            return _json(406, {"code": "PGRST106", "details": None, "hint": None, "message": message})
        name = unquote(request.path.removeprefix("/rest/v1/"))
        return self._document() if not name else self._rows(name, request.query)

    def _document(self) -> Reply:
        paths: dict[str, Any] = {"/": {"get": {}}}
        definitions: dict[str, Any] = {}
        with self._session() as connection:
            # The standard's views show a role what it has a privilege on.
            for (name,) in connection.execute(
                "select table_name::text from information_schema.tables where table_schema = 'public' order by 1"
            ).fetchall():
                paths[f"/{name}"] = {"get": {}}
                columns = connection.execute(
                    "select attname::text from pg_attribute"
                    " where attrelid = %s::regclass and attnum > 0 and not attisdropped",
                    (f'"{name}"',),
                )
                definitions[name] = {"type": "object", "properties": {column: {} for (column,) in columns}}
            for (name,) in connection.execute(
                """
                select distinct routine_name::text from information_schema.routines as r
                where routine_schema = 'public' and data_type is distinct from 'trigger' and not exists (
                    select from information_schema.parameters as p
                    where p.specific_name = r.specific_name and p.parameter_name is null
                )
                """
            ).fetchall():
                paths[f"/rpc/{name}"] = {"post": {}}
        return _json(200, {"swagger": "2.0", "info": {"version": "14.1"}, "paths": paths, "definitions": definitions})

    def _rows(self, relation: str, query: dict[str, list[str]]) -> Reply:
        columns = [sql.Identifier(name.strip('"')) for name in re.findall(r'"[^"]*"|[^",]+', query["select"][0])]
        statement = sql.SQL("select {} from {} limit {}").format(
            sql.SQL(", ").join(columns), sql.Identifier("public", relation), int(query["limit"][0])
        )
        with self._session() as connection:
            if connection.execute("select to_regclass(%s)", (f'public."{relation}"',)).fetchone() == (None,):
                message = f"Could not find the table 'public.{relation}' in the schema cache"
                return _json(404, {"code": "PGRST205", "details": None, "hint": None, "message": message})
            try:
                rows = connection.execute(statement).fetchall()
            except psycopg.Error as error:
                told = {
                    "code": error.sqlstate,
                    "details": None,
                    "hint": None,
                    "message": str(error.diag.message_primary),
                }
                return _json(_STATUS.get(error.sqlstate or "", 400), told)
        return _json(200, rows)

    @contextmanager
    def _session(self) -> Iterator[psycopg.Connection]:
        assert self.database
        with self.database.connect() as connection:
            connection.execute("set search_path = public; set role anon")
            yield connection


def _json(status: int, content: object) -> Reply:
    return Reply(status, json.dumps(content))


def closed_root(request: Request) -> Reply | None:
    """Answer as a root that is closed to visitors."""
    return _json(403, CLOSED) if request.path == "/rest/v1/" else None


@contextmanager
def imitate(database: Database | None = None, *, instead: Answering = lambda _: None) -> Iterator[Imitation]:
    """Serve an imitation on this machine."""
    imitation = Imitation(database, instead)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = imitation.reply(Request(self.command, parts.path, parse_qs(parts.query), headers))
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def log_message(self, *_: object) -> None:
            pass

    for verb in ("HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"):
        setattr(Handler, f"do_{verb}", Handler.do_GET)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        imitation.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield imitation
        finally:
            server.shutdown()
            thread.join()
