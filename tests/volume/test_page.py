"""The page on the model's form says what is so."""

import re
from io import StringIO
from pathlib import Path

from rich.console import Console

from schemaproof.volume import load_model, progress_bars

PAGE = Path(__file__).parents[2] / "docs" / "volume.md"


def _blocks() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


def test_the_pages_model_is_one(tmp_path: Path) -> None:
    path = tmp_path / "volume.toml"
    path.write_text(next(block for block in _blocks() if block.startswith("main = ")))
    model = load_model(path)
    assert model.rows("100k") == {"public.shops": 100, "public.articles": 10_000, "public.orders": 100_000}
    assert model.main_rows("huge") == 50_000_000


def test_the_page_has_every_recipe_guard_and_key() -> None:
    from schemaproof.volume import case_reading, reading

    page = PAGE.read_text()
    words = {*case_reading._READERS, *case_reading._GUARDS, *reading._REFERENCE, *reading._TOP, *reading._POOL}
    assert {word for word in words if not re.search(rf"\b{word}\b", page)} == set()


def test_bars_show_on_a_terminal_only() -> None:
    shown, piped = StringIO(), StringIO()
    for console in (Console(file=shown, force_terminal=True, width=100), Console(file=piped)):
        with progress_bars(console=console) as told:
            told("public.orders", 0, 1_000)
            told("public.orders", 1_000, 1_000)
    assert "public.orders" in shown.getvalue()
    assert "1000/1000" in shown.getvalue()
    assert piped.getvalue() == ""
