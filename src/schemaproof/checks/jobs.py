"""Scheduled jobs can run: what they call is there, and their time comes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level, Location
from schemaproof.platform.cron import due_times
from schemaproof.references import Name, refer

__all__ = ["jobs"]

_PRESENT = "select to_regclass('cron.job') is not null as present"
_QUERY = """
    select coalesce(j.jobname, j.command)::text as name, j.schedule, j.command, j.active, j.username,
           row_number() over (partition by btrim(j.command, E'; \\n') order by j.jobid) as place
    from cron.job as j
    order by j.jobid
"""
# Names as the job's user finds them: with a schema, or along the user's search_path.
_MISSING = """
    select n.name, n.is_relation
    from unnest(%(schemas_named)s::text[], %(names)s::text[], %(relations)s::bool[]) as n (schema, name, is_relation)
    cross join lateral (
        select case when n.schema is null then %(path)s::text[] else array[n.schema] end
    ) as s (searched)
    where
        case when n.is_relation then
            not exists (
                select from pg_catalog.pg_class as c
                where c.relname = n.name and c.relnamespace::regnamespace::text = any (searched)
            )
        else
            not exists (
                select from pg_catalog.pg_proc as p
                where p.proname = n.name and p.pronamespace::regnamespace::text = any (searched)
            )
        end
    order by 1
"""
_PATH = """
    select coalesce(
        (
            select substr(c.setting, strpos(c.setting, '=') + 1)
            from pg_catalog.pg_db_role_setting as s
            join pg_catalog.pg_roles as r on r.oid = s.setrole and r.rolname = %(user)s
            cross join unnest(s.setconfig) as c (setting)
            where c.setting like 'search_path=%%'
            limit 1
        ), '"$user", public'
    ) as path
"""
_HORIZON = timedelta(days=5 * 366)  # a leap year and more


@check(level=Level.ERROR)
def jobs(context: Context) -> Iterator[Finding]:
    """A clean-up that everyone counts on never runs, or fails every night, and only a table of pg_cron's tells it.

    pg_cron takes any text for a job and tries it when its time comes. An error where a table or function that a job
    names does not exist after all migrations; a warning where its schedule has no day in any year; a note where it is
    switched off, or does what another one does.
    """
    present = context.read(_PRESENT)[0].present
    found = context.read(_QUERY) if present else []
    context.count("jobs", len(found), "the project has no scheduled job")
    for job in found:
        if missing := list(_missing(context, job)):
            yield _finding(context, job, f"names {', '.join(missing)}, which does not exist", Level.ERROR, "missing")
        if not _is_ever_due(job.schedule):
            yield _finding(context, job, f"is never due: {job.schedule}", Level.WARNING, "never")
        if not job.active:
            yield _finding(context, job, "is switched off", Level.NOTE, "off")
        elif job.place > 1:
            yield _finding(context, job, "does what another job does", Level.NOTE, "twice")


def _missing(context: Context, job: Any) -> Iterator[str]:
    references = refer(job.command)
    relations = sorted((name for name in references.relations if name.name not in references.made), key=str)
    named: list[tuple[Name, bool]] = [(name, True) for name in relations]
    named += [(name, False) for name in sorted(references.calls, key=str)]
    path = context.read(_PATH, user=job.username)[0].path
    searched = [part.strip().strip('"').replace("$user", job.username) for part in path.split(",")]
    rows = context.read(
        _MISSING,
        schemas_named=[name.schema for name, _ in named],
        names=[name.name for name, _ in named],
        relations=[is_relation for _, is_relation in named],
        path=["pg_catalog", *searched],
    )
    missing = {(row.name, row.is_relation) for row in rows}
    yield from (str(name) for name, is_relation in named if (name.name, is_relation) in missing)


def _is_ever_due(schedule: str) -> bool:
    start = datetime.now(UTC)
    return schedule.strip().startswith("@re") or next(due_times(schedule, start, start + _HORIZON), None) is not None


def _finding(context: Context, job: Any, what: str, level: Level, word: str) -> Finding:
    return Finding(
        "jobs",
        job.name,
        f"the job {job.name} {what}",
        "Schedule it anew: select cron.schedule('…', '…', '…'); or select cron.unschedule('…');",
        level=level,
        detail=f"{job.schedule}  {job.command.strip()}",
        location=_place(context, job),
        key=f"jobs:{job.name}:{word}",
    )


def _place(context: Context, job: Any) -> Location | None:
    """Find the last statement that schedules a job by its name or its command."""
    for migration in reversed(context.target.history):
        for statement in reversed(migration.statements):
            if "cron.schedule" in statement.sql and (job.name in statement.sql or job.command in statement.sql):
                return Location(statement.path, statement.line)
    return None
