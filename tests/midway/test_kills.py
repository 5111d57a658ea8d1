"""A server whose process is killed while a migration runs recovers to a step, or to what a second run completes."""

from contextlib import closing
from functools import partial

import psycopg
import pytest

from schemaproof.errors import UsageError
from schemaproof.midway import prove_kills, sample_kills
from schemaproof.midway.footprint import take_footprint
from schemaproof.midway.kill import kill
from schemaproof.midway.passage import passages
from schemaproof.midway.points import Point
from schemaproof.migrations.ledger import ensure_ledger
from schemaproof.platform import load_platform
from schemaproof.server import ServerSpec, open_server
from schemaproof.session import Session

from .conftest import Project

WHOLE = "create table a (i int); insert into a values (1); create unlogged table b (i int); insert into b values (1);"
BUILD = "create index concurrently if not exists a_i on a (i);"


def test_process_killed_behind_each_statement_leaves_the_step_before(project: Project) -> None:
    session = project(
        {"1_a": WHOLE, "2_b": "alter table a add column j int; update a set j = i; insert into b values (2)"},
        {"1_a": "drop table a, b", "2_b": "alter table a drop column j"},
    )
    found = prove_kills(session, range(2))
    assert (found.findings, found.kills) == ((), 5 + 2 + 4 + 2)


def test_kill_in_the_middle_of_a_build_leaves_the_invalid_index(project: Project) -> None:
    session = project({"1_a": WHOLE, "2_b": BUILD})
    found = sample_kills(session, range(2))
    assert {each.key: each.level for each in found.findings} == {"interruption:2:invalid:public.a_i": "error"}
    assert found.kills == 3


def test_files_own_pause_is_not_taken_for_ours(project: Project) -> None:
    session = project({"1_a": "create table a (); vacuum; select pg_sleep(0.2); create table b ()"})
    each = next(passages(session.target.history, [0]))
    with session.scratch(partial(session.at, 0)) as database:
        with closing(session.connect_migrator(database)) as connection:
            ensure_ledger(connection)
        assert kill(session, database, each, Point(4, None))
        with closing(database.connect()) as watcher:
            assert watcher.execute("select to_regclass('a')::text, to_regclass('b')::text").fetchone() == ("a", None)


def test_crash_is_one_and_keeps_what_was_committed(project: Project) -> None:
    session = project({"1_a": WHOLE, "2_b": "create table c (); vacuum a; create table d ()"})
    each = next(passages(session.target.history, [1]))
    with session.scratch(partial(session.at, 1)) as database:
        with closing(database.connect()) as watcher:
            watcher.execute("checkpoint")
            before = take_footprint(watcher)
            assert kill(session, database, each, Point(2, each.script.statements[2]))
            with pytest.raises(psycopg.OperationalError):
                watcher.execute("select 1")
        with database.connect() as watcher:
            after = take_footprint(watcher)
            assert watcher.execute("select to_regclass('c')::text, to_regclass('d')::text").fetchone() == ("c", None)
    assert before.rows["public.b"] == 1
    assert after.rows["public.b"] == 0
    assert not before.same_after_crash(after)


def test_named_server_is_not_killed(project: Project) -> None:
    target = project({"1_a": WHOLE}).target
    with open_server(ServerSpec()) as server:
        named = open_server(ServerSpec(kind="dsn", dsn=server.loopback_conninfo()))
        with named, pytest.raises(UsageError):
            sample_kills(Session(named, load_platform("plain"), target), range(1))
