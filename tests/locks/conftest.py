"""A project of a base and one change, on a server of each kind that can be had, and its trace."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemaproof.config import load_target
from schemaproof.findings import Finding
from schemaproof.locks import Step, Trace, findings, trace
from schemaproof.server import Server, ServerSpec
from schemaproof.session import Session
from tests.installed import open_or_skip
from tests.sessions import session_on

BASE = """
create table shops (id int primary key, name varchar(10));
create table orders (
    id int primary key, shop_id int, amount int, note varchar(10), placed date not null default current_date,
    constraint amount_is_given check (amount is not null) not valid,
    constraint amount_is_positive check (amount > 0) not valid
);
create view open_orders as select id from orders;
create materialized view totals as select shop_id, count(*) from orders group by 1;
create table events (at date not null) partition by range (at);
create table events_of_may (at date not null);
"""
Project = Callable[..., Session]
Traced = Callable[..., Trace]


@pytest.fixture(scope="session", params=["embedded", "system"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with open_or_skip(ServerSpec(kind=request.param)) as running:
        yield running


@pytest.fixture
def project(server: Server, tmp_path: Path) -> Iterator[Project]:
    """Open the session of a project with the base and the changes, each a file and perhaps its rollback."""
    opened: list[Session] = []

    def make(*files: str, base: str = BASE, downs: tuple[str, ...] = ()) -> Session:
        for folder, texts in (("migrations", (base, *files)), ("rollbacks", ("select 1", *downs) if downs else ())):
            for number, text in enumerate(texts, start=1):
                (tmp_path / folder).mkdir(exist_ok=True)
                (tmp_path / folder / f"{number}_step.sql").write_text(text)
        target = load_target(tmp_path, migrations=tmp_path / "migrations", platform="plain")
        opened.append(session_on(server, target))
        return opened[-1]

    yield make
    for session in opened:
        session.drop_all()


@pytest.fixture
def traced(project: Project) -> Traced:
    """Trace the last of the given files on top of the base and the others."""
    return lambda *files, base=BASE: trace(project(*files, base=base), len(files))


def last(found: Trace) -> Step:
    return found.steps[-1]


def told(found: Trace, **known: int) -> set[tuple[str, str, str]]:
    """What is found: kind, relation, level; without the warning of a missing lock_timeout."""
    return {
        (_kind(each), each.object, str(each.level))
        for each in findings(found, rows={f"public.{name}": rows for name, rows in known.items()})
        if _kind(each) != "lock_timeout"
    }


def _kind(finding: Finding) -> str:
    return what if (what := finding.key.split(":")[2]) == "lock_timeout" else what.split("_")[0]
