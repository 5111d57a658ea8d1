"""`schemaproof check`: the checks, then the project's own suites on the same server, into one document."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from schemaproof.acceptance import Acceptance, refuse_unknown
from schemaproof.attack import ENDED
from schemaproof.checks import Check, Context, NotApplicable
from schemaproof.coverage import cover, read_requirements, unproved
from schemaproof.errors import OutageError, SchemaproofError, UsageError
from schemaproof.findings import Finding, Level
from schemaproof.outcomes import CheckResult, TestResult
from schemaproof.results import Results
from schemaproof.server import outage_of
from schemaproof.session import SESSION_VARIABLE, Session

__all__ = ["prove", "run_check", "run_checks", "run_suites", "server_facts"]

# What pytest answers where no tests were collected, and where tests ran or a module of them could not be imported
# (manual of pytest, Exit codes).
_RAN = (0, 1, 2)
_NOTHING_COLLECTED = 5
# After so many attacks that ended their own session, a run tries no more.
_MOST_ENDED = 20


def prove(session: Session, checks: Sequence[Check], tell: Callable[[str], None]) -> Results:
    """Run `checks`, then the project's own suites, and hold both against its requirements."""
    target = session.target
    results = run_checks(session, checks, tell)
    if target.suites and not results.unbuilt:
        tell(f"suites in {target.relative(target.suites)}")
        results.tests.extend(run_suites(session, target.suites))
        if target.requirements:
            results.requirements = cover(read_requirements(target.requirements), results.checks, results.tests)
            results.findings.extend(unproved(results.requirements))
            results.findings.extend(Acceptance(target, results.findings, ["coverage"]).stale())
    return results


def run_checks(
    session: Session, checks: Sequence[Check], tell: Callable[[str], None], *, numbers: Sequence[int] | None = None
) -> Results:
    """Run `checks` and gather what they found; `tell` hears what runs now.

    A schema that does not build ends the run: nothing else can be proved of it.

    Args:
        numbers: places in the history of the migrations that are proved step by step; None: all.
    """
    refuse_unknown(session.target)
    results = Results(session.target, server_facts(session))
    with Context(session, numbers) as context:
        for check in checks:
            tell(check.name)
            result, findings = run_check(check, context)
            results.checks.append(result)
            results.findings.extend(findings)
            if results.unbuilt:
                break
        results.matrix = context.cells
        results.tenancy = context.tenancy
        results.findings.extend(_stale(results, context))
        results.parts = session.parts() if results.unbuilt else session.platform.parts(context.connection)
    return results


def _stale(results: Results, context: Context) -> list[Finding]:
    ran = [check.name for check in results.checks if check.status in ("passed", "failed")]
    named = not results.unbuilt and results.target.exclusions
    names = {key.name for key in context.catalogue.objects} if named else ()
    return list(Acceptance(results.target, results.findings, ran, names).stale())


def run_check(check: Check, context: Context) -> tuple[CheckResult, list[Finding]]:
    """Run one check; an error that it does not expect is its own failure and not the run's.

    Raises:
        OutageError: the server failed.
    """
    context.proved.clear()
    findings: list[Finding] = []
    reason, started, fatal = "", time.perf_counter(), set(context.fatal)
    try:
        findings.extend(_attempted(check, context))
        status = "failed" if any(found.level is Level.ERROR for found in findings) else "passed"
    except NotApplicable as answer:
        status, reason = "not_applicable", str(answer)
    except (UsageError, OutageError):
        raise
    except (psycopg.Error, SchemaproofError) as error:
        if isinstance(error, psycopg.Error) and (outage := outage_of(error)) and not _outlived(error, context):
            raise outage from error
        status, reason = "broken", f"{type(error).__name__}: {error}"
    findings.extend(_ended(check, [each for each in context.fatal if each not in fatal], findings))
    if status == "passed" and not any(context.proved.values()):
        findings.append(_proved_nothing(check))
        status = "failed"
    seconds = round(time.perf_counter() - started, 3)
    proved = dict(context.proved)
    return CheckResult(check.name, check.harm, status, reason, proved, seconds, level=check.level), findings


def _attempted(check: Check, context: Context) -> list[Finding]:
    """Run a check; anew, and without it, where one of its attacks ends the session that all of them run in."""
    cells = len(context.cells)
    while True:
        try:
            return [context.placed(context.explained(found)) for found in _declared(check, check.run(context))]
        except psycopg.OperationalError as error:
            if not context.ended:
                raise
            context.session.server.connect().close()  # raises where it is the server that has ended
            context.abandon()
            if context.endings > _MOST_ENDED:
                raise SchemaproofError(f"attacks ended their own session {_MOST_ENDED} times: {error}") from error
            context.proved.clear()
            del context.cells[cells:]


def _outlived(error: psycopg.Error, context: Context) -> bool:
    """Tell whether the server outlived an error that ended the session of the attacks, or of what prepares them."""
    shared = vars(context).get("connection")  # of the checks of the structure, which run nothing of the schema's
    if error.sqlstate not in (None, ENDED) or (shared is not None and shared.closed):
        return False
    context.session.server.connect().close()
    context.abandon()
    return True


def _ended(check: Check, statements: Sequence[str], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Tell of attacks that ended their own session and that no finding of the check is about."""
    for statement in statements:
        if not any(statement in found.detail for found in findings):
            yield Finding(
                check.name,
                "-",
                f"an attack ended its own session ({ENDED}): what it would have reached is not known",
                "Take out of the schema what ends sessions, or exclude this with the reason.",
                level=Level.NOTE if check.level is Level.NOTE else Level.WARNING,
                detail=statement,
                key=f"{check.name}:ended",
            )


def _declared(check: Check, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Pass on findings, none heavier than their check declares: whoever reads its level relies on it."""
    for found in findings:
        assert not found.level.outweighs(check.level), f"{check.name} declares {check.level}: {found.key} is heavier"
        assert found.key.startswith(f"{check.name}:"), f"{found.key} is no key of a finding of {check.name}"
        yield found


def _proved_nothing(check: Check) -> Finding:
    return Finding(
        check.name,
        "-",
        f"{check.name} found nothing to look at, so that it proves nothing",
        "Name the project's schemas (setting `schemas`), or exclude this with the reason.",
        key=f"{check.name}:nothing",
    )


def run_suites(session: Session, folder: Path) -> list[TestResult]:
    """Run the project's pytest suites on the session's server and templates, in a process of their own.

    Raises:
        UsageError: the folder is missing or holds no test, or pytest itself could not run.
    """
    if not folder.is_dir():
        raise UsageError(
            f"no suites: {folder} is not a folder", remedy="Mend `suites` in the settings, or give --no-suites."
        )
    with tempfile.TemporaryFile() as report:  # without a name, so that nothing of it outlives a kill
        command = [sys.executable, "-m", "pytest", str(folder), "-q", f"--schemaproof-report=/dev/fd/{report.fileno()}"]
        if session.target.workers > 1:
            command += ["-n", str(session.target.workers)]
        done = subprocess.run(
            command,
            cwd=session.target.root,
            env=os.environ | {SESSION_VARIABLE: json.dumps(session.handle())},
            pass_fds=(report.fileno(),),
            capture_output=True,
            text=True,
            check=False,
        )
        report.seek(0)
        outcomes = report.read()
    if done.returncode not in _RAN or not outcomes:
        raise _broken(done, folder)
    return [_test(found) for found in json.loads(outcomes)]


def server_facts(session: Session) -> dict[str, object]:
    """What the results say of the server: its kind and version."""
    major, minor = divmod(session.server.version, 10000)
    return {"kind": session.server.kind, "version": f"{major}.{minor}"}


def _test(found: dict[str, Any]) -> TestResult:
    return TestResult(**found | {"requirements": tuple(found["requirements"])})


def _broken(done: "subprocess.CompletedProcess[str]", folder: Path) -> UsageError:
    if done.returncode == _NOTHING_COLLECTED:
        return UsageError(
            f"no suites: pytest finds no test in {folder}", remedy="Add tests there, or give --no-suites."
        )
    tail = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
    return UsageError(f"the suites in {folder} cannot run:\n{tail}", remedy=f"Run pytest {folder} to see it whole.")
