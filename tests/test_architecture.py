"""The page on the architecture is true: who imports whom, and that the engine names nothing of any one schema."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "src" / "schemaproof"
PAGE = ROOT / "docs" / "architecture.md"
MODULES = sorted(ENGINE.rglob("*.py"))


def _order() -> dict[str, int]:
    """The engine's parts in the order of the page; parts on one line may import each other."""
    table = PAGE.read_text().split("| part |")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    return {part: rank for rank, row in enumerate(rows) for part in re.findall(r"`(\w+)`", row)}


def _part(path: Path) -> str:
    first = path.relative_to(ENGINE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> Iterator[str]:
    """Parts of the engine that the module imports when it runs; what only type checkers import is no dependency."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("schemaproof."):
            yield (node.module or "").split(".")[1]
        if isinstance(node, ast.Import):
            assert not any(name.name.startswith("schemaproof.") for name in node.names), f"{path}: import from, please"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_part_imports_only_what_the_page_puts_above_it(path: Path) -> None:
    order, part = _order(), _part(path)
    if part in ("__init__", "__main__"):
        return
    assert part in order, f"{part} is not on the page"
    assert [other for other in _imports(path) if other != part and order[other] > order[part]] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_module_stays_a_page(path: Path) -> None:
    assert path.read_text().count("\n") <= 400
    assert ast.get_docstring(ast.parse(path.read_text())), "a module opens with its job"


def test_engine_names_no_table_of_the_canonical_schema() -> None:
    migrations = "".join(path.read_text() for path in (ROOT / "schema/supabase/migrations").glob("*.sql"))
    tables = set(re.findall(r"create table (?:public|private)\.(\w+)", migrations)) - {
        "tenants",
        "jobs",
    }  # words of every such tool
    assert tables
    sources = [path for path in ENGINE.rglob("*") if path.suffix in (".py", ".sql", ".json")]
    named = {
        (str(path.relative_to(ENGINE)), table)
        for path in sources
        for table in tables
        if re.search(rf"\b{table}\b", path.read_text())
    }
    assert named == set()
