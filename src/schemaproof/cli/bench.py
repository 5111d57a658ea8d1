"""`schemaproof bench` measures the query catalogue; `schemaproof explain` shows the plans of one query of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemaproof.cli.options import (
    ConfigOption,
    CreateRolesOption,
    DsnOption,
    ImageOption,
    PgVersionOption,
    ReuseOption,
    ServerKind,
    ServerOption,
    server_spec,
)
from schemaproof.cli.progress import session_shown
from schemaproof.cli.reports import OutputsOption, Reports
from schemaproof.report import BENCH_FORMATS

if TYPE_CHECKING:
    from schemaproof.bench import Options
    from schemaproof.config import Target
    from schemaproof.server import ServerSpec

__all__ = ["bench", "explain"]

_PROFILE = "100k"
ProfilesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        metavar="PROFILE",
        help="tiny, 10k, 100k, 1M, 10M, one of the volume model's own, or sample: the project's sample data. May be "
        "repeated: growth is told over all, the rest at the largest. Default: 100k.",
    ),
]
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", metavar="QUERY", help="Measure this query alone; may be repeated.")
]
FormatsOption = Annotated[list[str] | None, typer.Option("--format", metavar="FORMAT", help="text, json or html.")]
AcceptOption = Annotated[bool, typer.Option("--accept", help="Write the baseline of this major version anew.")]
SeedOption = Annotated[int, typer.Option("--seed", metavar="NUMBER", help="Of the data.")]
QueryArgument = Annotated[str, typer.Argument(metavar="QUERY", help="Stem of its file's name.")]
RoleOption = Annotated[str | None, typer.Option("--role", metavar="ROLE", help="Only as this role.")]
SizeOption = Annotated[
    str | None, typer.Option("--size", metavar="SIZE", help="Only for this tenant: small, largest or missing.")
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="PROFILE", help="The data; as for `schemaproof bench`.")
]


def bench(
    profiles: ProfilesOption = None,
    only: OnlyOption = None,
    accept: AcceptOption = False,
    seed: SeedOption = 0,
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    create_roles: CreateRolesOption = False,
    config: ConfigOption = None,
    styles: FormatsOption = None,
    outputs: OutputsOption = None,
) -> None:
    """Measure the query catalogue on volume data: which index each query uses and needs, as the role that asks.

    Exit code 0: clean. 1: a limit is broken, an index is not needed, or a plan is not as the baseline has it. 2: usage
    or environment.

    [bold]Examples[/bold]

    schemaproof bench --profile 10k --profile 100k --output bench.json --output bench.html

    schemaproof bench --only inbox_first_page

    schemaproof bench --accept
    """
    from schemaproof.bench import Options
    from schemaproof.config import load_target

    reports = Reports.read(styles or (), outputs or (), formats=BENCH_FORMATS)
    target = load_target(config=config)
    options = Options(tuple(profiles or [_PROFILE]), tuple(only or ()), accept, seed)
    spec = server_spec(server, pg_version, dsn, image, reuse=reuse)
    document = _measured(target, spec, options, create_roles=create_roles)
    reports.write(document)
    raise typer.Exit(int(document["verdict"] != "clean"))


def explain(
    query: QueryArgument,
    role: RoleOption = None,
    size: SizeOption = None,
    profile: ProfileOption = None,
    seed: SeedOption = 0,
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    config: ConfigOption = None,
) -> None:
    """Show how a query of the catalogue is carried out: the plan of each case, and of what runs within.

    [bold]Example[/bold]

    schemaproof explain search_messages --role authenticated --profile 10k
    """
    from schemaproof.bench.explain import explain_query
    from schemaproof.config import load_target
    from schemaproof.server import outages_told
    from schemaproof.session import open_session

    target = load_target(config=config)
    with outages_told(), open_session(target, server_spec(server, pg_version, dsn, image, reuse=reuse)) as session:
        told = list(explain_query(session, query, role=role, size=size, profile=profile or _PROFILE, seed=seed))
    typer.echo("\n\n".join(told))


def _measured(target: "Target", spec: "ServerSpec", options: "Options", *, create_roles: bool) -> Mapping[str, Any]:
    from schemaproof.bench import run_bench

    with session_shown(target, spec, create_roles=create_roles) as (session, tell):
        return run_bench(session, options, tell).document()
