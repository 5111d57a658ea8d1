"""The page is a pure function of the document, carries it whole, and refers to nothing outside."""

import base64
import copy
import gzip
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemaproof.bench import bench_schema
from schemaproof.report import render, render_html

Document = dict[str, Any]
SAMPLE = Path(__file__).parent.parent.parent / "reports" / "sample.html"


class _References(HTMLParser):
    """Everything by which a page could ask for something: what browsers load, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loads = ("src", "href", "srcset", "action", "data", "poster", "background", "xlink:href", "formaction")
        self.found |= {str(value) for name, value in attrs if name in loads}


def _carried(page: str) -> Document:
    match = re.search(r'id="document"[^>]*>([^<]*)<', page)
    assert match
    document: Document = json.loads(gzip.decompress(base64.b64decode(match[1])))
    return document


@pytest.fixture(params=["bench", "check"])
def document(request: pytest.FixtureRequest) -> Document:
    found: Document = request.getfixturevalue(f"{request.param}_document")
    return found


def test_page_is_a_pure_function_of_the_document(document: Document) -> None:
    before = copy.deepcopy(document)
    assert render_html(document) == render(document, "html") == render_html(before)
    assert document == before


def test_page_carries_the_document(document: Document) -> None:
    assert _carried(render_html(document)) == document


def test_page_refers_to_its_own_sections_only(document: Document) -> None:
    page = render_html(document)
    references = _References()
    references.feed(page)
    assert references.found
    assert {each for each in references.found if not each.startswith("#")} == set()
    anchors = set(re.findall(r' id="([^"]+)"', page))
    assert {each[1:] for each in references.found} <= anchors
    assert not re.search(r"url\(|@import", page)


def test_page_forbids_its_browser_every_request_and_every_script_but_its_own(document: Document) -> None:
    page = render_html(document)
    assert "default-src 'none'" in page
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", page)


def test_documents_of_different_commands_are_not_compared(bench_document: Document, check_document: Document) -> None:
    with pytest.raises(ValueError, match="schemaproof check"):
        render_html(bench_document, check_document)


def test_section_without_data_is_left_out(bench_document: Document, check_document: Document) -> None:
    single = bench_document | {"profiles": bench_document["profiles"][1:], "rls": [], "requirements": []}
    page = render_html(single)
    assert [name for name in ("growth", "price", "requirements", "behaviour") if f'<section id="{name}">' in page] == []
    bare = check_document | {key: [] for key in ("checks", "findings", "matrix", "tests", "requirements")}
    assert re.findall(r'<section id="(\w+)">', render_html(bare)) == ["findings", "environment", "raw"]


def test_sample_is_a_page_of_a_valid_document_and_small_enough_to_be_committed() -> None:
    page = SAMPLE.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(bench_schema()).validate(_carried(page))
    assert len(page.encode()) < 2_000_000


def test_drawing_leaves_the_process_its_packages() -> None:
    """Pygal asks for a backport that takes the standard library's finder of packages away."""
    code = """
import json, sys
from importlib.metadata import version
from schemaproof.report import render_html
assert "<svg" in render_html(json.load(sys.stdin)) and "pygal" in sys.modules
print(version("pytest"))
"""
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        input=json.dumps(_carried(SAMPLE.read_text(encoding="utf-8"))),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (told.returncode, told.stdout) == (0, f"{version('pytest')}\n"), told.stderr
