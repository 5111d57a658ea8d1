"""`schemaproof checks` says what is proved: the list of checks, and the page of one."""

import shutil
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from schemaproof.errors import UsageError

__all__ = ["checks", "page"]

NameArgument = Annotated[
    str | None, typer.Argument(metavar="[CHECK]", help="Show the page of this check; without it, list them all.")
]


def checks(name: NameArgument = None) -> None:
    """List the checks, and the rules of lint, each with its level and the harm that it prevents; or show one's page.

    The level is the heaviest that its findings may be: only errors make `schemaproof check` exit with 1.

    [bold]Examples[/bold]

    schemaproof checks

    schemaproof checks isolation
    """
    from schemaproof.checks import select_checks
    from schemaproof.lint import rule_names

    if name is None:
        _list()
        return
    if name not in rule_names():
        select_checks([name])  # refuses a name that no check has
    _show(page(name))


def page(name: str) -> str:
    """Return the page of a check, or of a rule of lint, as Markdown: from the package, or the checkout that it is of.

    Raises:
        UsageError: this copy of schemaproof has no page of the check.
    """
    docs = Path(__file__).parents[3] / "docs"
    for folder in (files("schemaproof") / "pages", docs / "checks", docs / "rules"):
        if (found := folder / f"{name}.md").is_file():
            return found.read_text(encoding="utf-8")
    raise UsageError(f"there is no page on {name}", remedy="Install schemaproof anew: its pages are missing.")


def _list() -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from schemaproof.checks import Check, all_checks
    from schemaproof.lint import Rule, all_rules

    found: tuple[Check | Rule, ...] = (*all_checks(), *all_rules())
    if not sys.stdout.isatty():  # a line each, whole, for grep and cut
        for each in found:
            typer.echo(f"{each.name:14} {each.level:8} {each.summary}")
        return
    table = Table.grid(padding=(0, 2))
    for each in found:
        table.add_row(Text(each.name, "bold"), each.level, each.summary)
    console = Console(highlight=False)
    console.print(table)
    console.print("\nschemaproof checks CHECK shows the page of one, as docs/checks/CHECK.md.", style="dim")


def _show(markdown: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    if sys.stdout.isatty():
        Console(width=min(shutil.get_terminal_size().columns, 100)).print(Markdown(markdown))
    else:
        typer.echo(markdown, nl=False)
