"""Real documents of both commands, and a browser that has no network."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from schemaproof.report import render_html
from tests.command import schemaproof
from tests.conftest import CLINIC

Document = dict[str, Any]
Opened = Callable[..., Page]
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_OPEN = "create policy all_read on public.patients for select to authenticated using (true);\n"
_BENCH = Path(__file__).parent.parent / "bench" / "clinic"


@pytest.fixture(scope="session")
def bench_document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """What `schemaproof bench` says of the clinics, where one query breaks a limit."""
    folder = Path(shutil.copytree(CLINIC, tmp_path_factory.mktemp("bench") / "clinic"))
    shutil.copytree(_BENCH, folder, dirs_exist_ok=True)
    settings = folder / "schemaproof.toml"
    settings.write_text('volume = "volume.toml"\nqueries = "benchmarks/queries"\n' + settings.read_text())
    query = folder / "benchmarks" / "queries" / "patients_of_late.sql"
    query.write_text(query.read_text().replace("max_buffers: 30", "max_buffers: 1"))
    done = schemaproof(folder, "bench", "--profile", "tiny", "--profile", "10k", "--output", "bench.json")
    assert done.returncode == 1, done.stderr
    return _read(folder / "bench.json")


@pytest.fixture(scope="session")
def check_document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """What `schemaproof check` says of the clinics, where a policy lets every member read and a test fails."""
    folder = Path(shutil.copytree(CLINIC, tmp_path_factory.mktemp("check") / "clinic"))
    (path,) = (folder / "migrations").glob("*patients*.sql")
    path.write_text(path.read_text() + _OPEN)
    suites = folder / "database"
    suites.mkdir()
    (suites / "test_own.py").write_text("def test_good(db): pass\n\ndef test_bad(db): assert '<b>' == 2\n")
    settings = folder / "schemaproof.toml"
    settings.write_text('suites = "database"\n' + settings.read_text())
    done = schemaproof(folder, "check", "--output", "check.json")
    assert done.returncode == 1, done.stderr
    return _read(folder / "check.json")


def _read(path: Path) -> Document:
    document: Document = json.loads(path.read_text())
    return document


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one, its tests are skipped, but where it must be there they fail."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        found = next(filter(None, map(shutil.which, _BROWSERS)), None) or (str(own) if own.exists() else None)
        if found is None:
            (pytest.fail if "SCHEMAPROOF_REQUIRE_SYSTEM" in os.environ else pytest.skip)("no Chromium on this machine")
        offline = "--host-resolver-rules=MAP * ~NOTFOUND"
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu", offline])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Open the page of a document; no error, no warning and no request but for the file may come of it."""
    contexts = []
    told: list[str] = []

    def open_one(document: Document, base: Document | None = None, **options: Any) -> Page:
        path = tmp_path / "page.html"
        path.write_text(render_html(document, base), encoding="utf-8")
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on("request", lambda request: told.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [each for each in told if not each.startswith("blob:")] == []
