"""The pytest plugin: a migrated PostgreSQL per test run, its databases cloned per test, shared by xdist's workers."""

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from schemaproof.errors import SchemaproofError, redact

if TYPE_CHECKING:
    import psycopg

    from schemaproof.clock import ScheduledDatabase
    from schemaproof.config import Target
    from schemaproof.database import Database
    from schemaproof.findings import Finding
    from schemaproof.identity import Identity
    from schemaproof.loan import Loan
    from schemaproof.plan import Plans
    from schemaproof.server import Kind, Server
    from schemaproof.session import Session

# Asked when pytest loads its plugins: from then on it captures, and standard input is no terminal any more.
_ON_TERMINAL = sys.stdin is not None and sys.stdin.isatty()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the group schemaproof."""
    group = parser.getgroup("schemaproof", "a real PostgreSQL with the migrated schema")
    group.addoption("--pg-server", default="auto", metavar="KIND", help="auto, embedded, system, container or dsn")
    group.addoption(
        "--pg-version", type=int, default=None, metavar="MAJOR", help="major version for --pg-server system"
    )
    group.addoption(
        "--pg-image",
        default=None,
        metavar="IMAGE",
        help="what --pg-server container is made of; default: the platform's",
    )
    group.addoption("--pg-dsn", default=None, metavar="DSN", help="a server that exists; its roles are never created")
    group.addoption("--schemaproof-config", type=Path, default=None, metavar="FILE", help="settings file")
    group.addoption(
        "--pg-keep", action="store_true", help="keep the databases of failed tests until Enter is pressed at the end"
    )
    group.addoption("--schemaproof-report", type=Path, default=None, metavar="FILE", help="write the outcomes as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Register what belongs to this run; no server starts before a test asks for one."""
    config.addinivalue_line("markers", "req(id, ...): the requirements that the test proves")
    config.pluginmanager.register(Bench(config), "schemaproof-bench")
    if config.getoption("pg_keep") and not _ON_TERMINAL and not hasattr(config, "workerinput"):
        raise pytest.UsageError("--pg-keep waits for Enter, but this is no terminal: run pytest in one")
    if (report := config.getoption("schemaproof_report")) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Outcomes(report), "schemaproof-outcomes")


class Bench:
    """The session of this pytest process: opened when first asked for, attached to where another process has one."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._session: Session | None = None
        self._failed: set[str] = set()
        self._is_kept = False

    @property
    def session(self) -> "Session":
        """The server, platform and target of this run."""
        if self._session is None:
            try:
                self._session = self._open()
                self._session.template_name()
            except SchemaproofError as error:
                pytest.exit(f"schemaproof: {error}", returncode=pytest.ExitCode.USAGE_ERROR)
        return self._session

    @property
    def keeps(self) -> bool:
        """Tell whether the databases of failed tests stay until the end."""
        return bool(self._config.getoption("pg_keep"))

    def failed(self, item: pytest.Item) -> bool:
        """Tell whether the test's call has failed."""
        return item.nodeid in self._failed

    def psql(self, database: "Database") -> str:
        """Return the command that opens `database` as the server's superuser; a DSN's password is left out."""
        server, conninfo = self.session.server, database.conninfo()
        program = str(server.bin_dir / "psql") if server.bin_dir else "psql"
        return shlex.join([program, conninfo if server.is_ours else redact(conninfo)])

    def _open(self) -> "Session":
        from schemaproof.config import load_target
        from schemaproof.server import ServerSpec
        from schemaproof.session import SESSION_VARIABLE, attach, open_session

        option = self._config.getoption
        target = load_target(self._config.rootpath, config=option("schemaproof_config"))
        if handle := getattr(self._config, "workerinput", {}).get("schemaproof"):
            return attach(handle, target)
        if handle := os.environ.get(SESSION_VARIABLE):
            return attach(json.loads(handle), target)
        kind: Kind = option("pg_server")
        dsn = option("pg_dsn")
        if dsn is None and kind == "dsn":
            dsn = os.environ.get("DATABASE_URL")
        kind = kind if dsn is None else "dsn"
        spec = ServerSpec(kind=kind, version=option("pg_version"), dsn=dsn, image=option("pg_image"))
        return open_session(target, spec)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give an xdist worker the handle of the one server, through its pipe; the first of them starts the server."""
        if _is_configured(self._config):
            node.workerinput["schemaproof"] = self.session.handle()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Under `schemaproof check` the checks have run already: tests that only bind one are left out."""
        from schemaproof.session import SESSION_VARIABLE

        if SESSION_VARIABLE in os.environ:
            bound = [item for item in items if "prove" in getattr(item, "fixturenames", ())]
            if bound:
                config.hook.pytest_deselected(items=bound)
                items[:] = [item for item in items if item not in bound]
        for item in items:
            ids = [str(found) for mark in item.iter_markers("req") for found in mark.args]
            item.user_properties.extend(("requirement", found) for found in ids)

    def pytest_report_collectionfinish(self, items: list[pytest.Item]) -> str | None:
        """Say which server the tests run on, if any of them needs it."""
        if self._session is None and not any("schemaproof_session" in getattr(i, "fixturenames", ()) for i in items):
            return None
        major, minor = divmod(self.session.server.version, 10000)
        emulated = [part.name for part in self.session.parts() if not part.real]
        imitation = f", emulated: {', '.join(emulated)}" if emulated else ""
        platform = self.session.platform.name
        return f"schemaproof: PostgreSQL {major}.{minor} ({self.session.server.kind}), platform {platform}{imitation}"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        """Add to a failed test how to look into its database."""
        report: pytest.TestReport = yield  # type: ignore[assignment]  # pluggy sends the report in
        if report.failed:
            self._failed.add(item.nodeid)
            database = getattr(item, "funcargs", {}).get("_schemaproof_database")
            if database is not None and report.when == "call":
                again = "" if self.keeps else "gone after the test; keep it with --pg-keep, or look now with --pdb:\n"
                report.sections.append(("schemaproof: the test's database", again + self.psql(database)))
        return report  # type: ignore[return-value]  # the wrapper's result is the report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remember whether there is anything to look at."""
        self._is_kept = self.keeps and session.testsfailed > 0 and not hasattr(self._config, "workerinput")

    def pytest_unconfigure(self) -> None:
        """Stop the server; where databases were kept for a look, after Enter."""
        if self._session is not None:
            if self._is_kept:
                _await_enter(self._config)
            self._session.close()


def _await_enter(config: pytest.Config) -> None:
    """Ask for Enter when the summary with the psql lines has been printed."""
    if (capture := config.pluginmanager.get_plugin("capturemanager")) is not None:
        capture.suspend(in_=True)
    print("schemaproof: databases of failed tests are kept; press Enter to stop the server.", flush=True)  # noqa: T201
    sys.stdin.readline()


class _Outcomes:
    """Writes one JSON object a test: id, outcome, seconds, requirements, message."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tests: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self._test(report.nodeid)
        test["seconds"] = round(test["seconds"] + report.duration, 4)
        test["requirements"] = [str(value) for name, value in report.user_properties if name == "requirement"]
        if report.failed:
            test["outcome"] = "failed" if report.when == "call" else "error"
            test["message"] = "\n".join([report.longreprtext, *(f"{name}\n{text}" for name, text in report.sections)])
        elif report.skipped and test["outcome"] == "passed":
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            test |= {"outcome": "skipped", "message": str(reason)}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._test(report.nodeid).update(outcome="error", message=report.longreprtext)

    def _test(self, name: str) -> dict[str, Any]:
        blank = {"id": name, "outcome": "passed", "seconds": 0.0, "requirements": [], "message": ""}
        return self._tests.setdefault(name, blank)

    def pytest_sessionfinish(self) -> None:
        self._path.write_text(json.dumps(list(self._tests.values())), encoding="utf-8")


@pytest.fixture(scope="session")
def schemaproof_session(request: pytest.FixtureRequest) -> "Session":
    """The server, platform and target of this run, and clones of its databases."""
    return _bench(request).session


@pytest.fixture(scope="session")
def pg_server(schemaproof_session: "Session") -> "Server":
    """The PostgreSQL that this run works on."""
    return schemaproof_session.server


@pytest.fixture(scope="session")
def target(schemaproof_session: "Session") -> "Target":
    """The schema under test, as the settings describe it."""
    return schemaproof_session.target


@pytest.fixture
def fresh_db(request: pytest.FixtureRequest, schemaproof_session: "Session") -> "Iterator[Database]":
    """A migrated database of the test's own, for what must commit or needs several connections."""
    yield from _lend(request, schemaproof_session, schemaproof_session.fresh)


@pytest.fixture
def sampled_db(request: pytest.FixtureRequest, schemaproof_session: "Session") -> "Iterator[Database]":
    """A database of the test's own, migrated and filled with the project's sample data."""
    yield from _lend(request, schemaproof_session, schemaproof_session.sampled)


@pytest.fixture
def db(request: pytest.FixtureRequest, _schemaproof_loan: "Loan") -> "Iterator[psycopg.Connection]":
    """A superuser's connection to a migrated database, in a transaction that is rolled back after the test."""
    yield from _borrow(request, _schemaproof_loan)


@pytest.fixture
def sampled(request: pytest.FixtureRequest, _schemaproof_sampled_loan: "Loan") -> "Iterator[psycopg.Connection]":
    """As `db`, on a database that holds the project's sample data."""
    yield from _borrow(request, _schemaproof_sampled_loan)


@pytest.fixture
def clock_db(request: pytest.FixtureRequest, schemaproof_session: "Session") -> "Iterator[ScheduledDatabase]":
    """A migrated database on a server of the test's own, whose clock it moves and whose scheduler lives by that clock.

    pg_cron itself where the server's installation has it (`--pg-server system`), its emulation else.
    """
    from schemaproof.clock import open_scheduled

    if not schemaproof_session.server.is_local:
        pytest.skip("the clock of a container, or of a server that schemaproof did not start, cannot be moved")
    with open_scheduled(schemaproof_session) as scheduled:
        request.node.funcargs["_schemaproof_database"] = scheduled.database
        yield scheduled


@pytest.fixture(scope="session")
def _schemaproof_loan(schemaproof_session: "Session") -> "Iterator[Loan]":
    yield from _loan(schemaproof_session, schemaproof_session.fresh)


@pytest.fixture(scope="session")
def _schemaproof_sampled_loan(schemaproof_session: "Session") -> "Iterator[Loan]":
    yield from _loan(schemaproof_session, schemaproof_session.sampled)


@pytest.fixture
def acting_as(db: "psycopg.Connection") -> "Callable[[Identity], AbstractContextManager[psycopg.Connection]]":
    """Run a block of statements on `db` as an identity: `with acting_as(member(tenant)): …`."""
    from schemaproof.identity import acting_as

    return lambda identity: acting_as(db, identity)


@pytest.fixture
def plans(db: "psycopg.Connection", target: "Target") -> "Plans":
    """Ask statements on `db`, and assert how they are carried out: `plans.ask(…, identity=member(t)).uses(…)`."""
    from schemaproof.plan import Plans

    return Plans(db, target.schemas)


@pytest.fixture
def prove(schemaproof_session: "Session") -> Callable[[str], None]:
    """Run a check of this name and fail with its findings, but for those that the project accepts or knows."""
    from schemaproof.checks import Context, select_checks
    from schemaproof.findings import Level

    target = schemaproof_session.target

    def is_new(finding: "Finding") -> bool:
        return target.reason_to_accept(finding) is None and not target.known.knows(finding)

    def run(name: str) -> None:
        (found,) = [check for check in select_checks([name]) if check.name == name]
        with Context(schemaproof_session) as context:
            findings = [each for each in found.run(context) if each.level is Level.ERROR and is_new(each)]
            proved = dict(context.proved)
        assert not findings, "\n\n".join(f"{f.location}: {f.summary}\n{f.detail}\n{f.remedy}" for f in findings)
        assert any(proved.values()), f"the check {name} looked at nothing"

    return run


def _loan(session: "Session", make: "Callable[[], Database]") -> "Iterator[Loan]":
    from schemaproof.loan import Loan

    loan = Loan(session, make)
    yield loan
    loan.close()


def _borrow(request: pytest.FixtureRequest, loan: "Loan") -> "Iterator[psycopg.Connection]":
    bench = _bench(request)
    with loan.lend() as connection:
        request.node.funcargs["_schemaproof_database"] = loan.database
        yield connection
        if bench.keeps and bench.failed(request.node):
            loan.keep()


def _lend(request: pytest.FixtureRequest, session: "Session", make: "Callable[[], Database]") -> "Iterator[Database]":
    bench, database = _bench(request), make()
    request.node.funcargs["_schemaproof_database"] = database
    yield database
    if not (bench.keeps and bench.failed(request.node)):
        session.drop(database)


def _bench(request: pytest.FixtureRequest) -> Bench:
    bench = request.config.pluginmanager.get_plugin("schemaproof-bench")
    assert isinstance(bench, Bench)
    return bench


def _is_configured(config: pytest.Config) -> bool:
    """Tell whether this project is one of schemaproof's, so that its workers will want a server."""
    from schemaproof.config import load_target

    try:
        load_target(config.rootpath, config=config.getoption("schemaproof_config"))
    except SchemaproofError:
        return False
    return True
