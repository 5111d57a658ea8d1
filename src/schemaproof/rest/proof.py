"""`schemaproof rest`: the migrations built on a server of ours, a project asked as a visitor, and both compared."""

import time
from collections.abc import Callable

from schemaproof.acceptance import Acceptance
from schemaproof.findings import PROBED, Finding, Level
from schemaproof.origins import Origins
from schemaproof.outcomes import CheckResult
from schemaproof.rest.client import Client
from schemaproof.rest.comparison import Comparison
from schemaproof.rest.expectation import Expectation, read_expectation
from schemaproof.rest.project import Project
from schemaproof.rest.sight import Sight, look
from schemaproof.results import Results
from schemaproof.run import server_facts
from schemaproof.session import Session

__all__ = ["compare_with_project"]

_HARM = "A project shows to visitors what no migration lets them see: made by hand, it passes no review and no check."


def compare_with_project(
    session: Session, client: Client, project: Project, schema: str, tell: Callable[[str], None]
) -> Results:
    """Compare what a project shows with what the session's migrations give; `tell` hears what is asked for.

    Raises:
        MigrationError: a migration fails.
        RestError: the project cannot be asked.
        UsageError: the migrated database has no such role or schema.
    """
    target = session.target
    results = Results(target, server_facts(session))
    started = time.perf_counter()
    tell("building the migrations")
    with session.scratch(session.fresh) as database, database.connect() as connection:
        expectation = read_expectation(connection, schema, project.role)
    sight = look(client, expectation, tell)
    origins = Origins.of(statement for migration in target.history for statement in migration.statements)
    results.findings.extend(Comparison(project, expectation, sight, origins).findings())
    seconds = round(time.perf_counter() - started, 3)
    results.checks.append(_result(expectation, sight, results.findings, seconds))
    results.findings.extend(Acceptance(target, results.findings, PROBED).stale())
    results.parts = session.parts()
    return results


def _result(expectation: Expectation, sight: Sight, findings: list[Finding], seconds: float) -> CheckResult:
    status = "failed" if any(found.level is Level.ERROR for found in findings) else "passed"
    proved = {
        "relations": len({*expectation.relations, *sight.listed}) - len(sight.unasked) - len(sight.unclear),
        "columns": sum(map(len, sight.columns.values())),
        "functions": 0 if sight.closed else len({*expectation.functions, *sight.functions}),
    }
    return CheckResult(*PROBED, _HARM, status, proved=proved, seconds=seconds)
