"""What a person sees and does, in a headless Chromium without a network."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

Document = dict[str, Any]
Opened = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
_HOSTILE = "</script></style><img src=x onerror='window.hurt = 1'><script>window.hurt = 1</script>&lt;"
# Texts that come of a schema, a query, a row or an error, and that no other part of the document refers to.
_TEXTS = ("summary", "detail", "remedy", "about", "statement", "text", "reason", "message", "label", "outcome", "harm")
_PARTS = ".swatch, .badge, .lead, .strip strong, .strip span, .heat td:not(.none), .facts, .small, a"
_CONTRAST = """
    (parts, canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })) =>
    [...document.querySelectorAll(parts)].map(e => {
        const shine = color => {
            canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        let ground = e;
        const back = () => getComputedStyle(ground).backgroundColor;
        while (back() === 'rgba(0, 0, 0, 0)' && ground.parentElement) ground = ground.parentElement;
        const pair = [shine(getComputedStyle(e).color), shine(back())].sort((a, b) => b - a);
        return (pair[0] + 0.05) / (pair[1] + 0.05);
    })
"""


def _texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_text_contents()]


def _tile(page: Page, name: str) -> str:
    return page.locator(f"[data-tile={name}] strong").text_content() or ""


def test_strip_tells_the_verdict_and_counts_of_the_bench(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    errors = [found for found in bench_document["findings"] if found["level"] == "error"]
    needed = [index for index in bench_document["indexes"] if index["verdict"] == "needed"]
    assert _tile(page, "verdict") == "not proved"
    assert errors
    assert _tile(page, "errors") == str(len(errors))
    assert _tile(page, "queries") == f"{len(bench_document['queries']) - 1}/{len(bench_document['queries'])}"
    assert _tile(page, "indexes") == f"{len(needed)}/{len(needed)}" == "3/3"


def test_heat_map_shows_the_pages_of_every_measurement(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    measured = [found for found in bench_document["measurements"] if found["mode"] == "custom"]
    shown = [text.rstrip("✗SDT").replace(",", "") for text in _texts(page, "#usage td[class^=h]")]
    assert sorted(map(int, shown)) == sorted(found["buffers"] for found in measured)
    broken = [found for found in measured if found["broken"]]
    assert broken
    assert len(_texts(page, "#usage td.broken")) == len(broken)


def test_case_of_a_query_shows_the_numbers_of_its_measurement(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    found = next(each for each in bench_document["measurements"] if each["broken"])
    cells = _texts(page, f"[data-case='{found['key']}'] td")
    assert cells[:3] == [found["role"], found["size"], found["mode"]]
    assert cells[4:7] == [f"{found[name]:,}" for name in ("rows", "buffers", "discarded")]


def test_growth_is_drawn_with_a_point_for_each_profile(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    told = {
        f"{curve['size']}, {point['profile']}: {point['buffers']:,} pages at {point['rows']:,} rows"
        for curve in bench_document["growth"]
        for point in curve["points"]
    }
    assert set(_texts(page, "#growth circle + title")) == told
    first = bench_document["growth"][0]
    chart = page.locator(f"figure[data-query={first['query']}][data-role={first['role']}] svg")
    chart.locator("xpath=ancestor::details").evaluate("each => each.open = true")
    assert chart.locator(f"g.{first['size']} > path").bounding_box()


def test_necessity_matrix_has_every_index_with_its_verdict_and_factors(
    opened: Opened, bench_document: Document
) -> None:
    page = opened(bench_document)
    for index in bench_document["indexes"]:
        row = page.locator(f"[data-index={index['name']}]")
        assert row.locator(f".badge.{index['verdict']}").count() == 1
        dearest: dict[str, float | None] = {}
        for user in index["users"]:
            dearest.setdefault(user["id"], user["factor"])
        told = [factor for factor in dearest.values() if factor is None or factor >= 1.1]
        assert row.locator("td[class^=h]").count() == len(told)


def test_environment_names_seed_rows_and_what_was_emulated(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    for profile in bench_document["profiles"]:
        cells = _texts(page, f"[data-profile='{profile['name']}'] td")
        assert cells[:2] == [str(profile["seed"]), f"{profile['total']:,}"]
    parts = bench_document["environment"]["platform"]["parts"]
    badges = _texts(page, "#environment .badge")
    assert badges == ["real" if part["real"] else "emulated" for part in parts]


def test_plan_tree_folds_and_unfolds(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    page.locator("#usage tbody a").first.click()
    query = page.locator("details.query[open]")
    query.wait_for()
    branch = query.locator(".tree details").first
    inside = branch.locator("> :not(summary)").first
    assert inside.is_visible()
    branch.locator("> summary").click()
    assert not inside.is_visible()
    branch.locator("> summary").click()
    assert inside.is_visible()
    page.get_by_role("button", name="Unfold all").click()
    assert page.locator("#plans details:not([open])").count() == 0
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert page.locator("#plans details[open]").count() == 0


def test_plan_is_copied_as_explain_writes_it(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document, permissions=["clipboard-read", "clipboard-write"])
    found = next(each for each in bench_document["measurements"] if each["plan"] and each["executed"])
    page.evaluate("id => { document.getElementById(id).open = true; }", f"q-{found['query']}")
    page.locator(f"[data-case='{found['key']}'] button").click()
    page.wait_for_function("document.getElementById('told').textContent === 'Copied.'")
    (copied,) = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied == {"Plan": found["plan"], "Execution Time": found["milliseconds"]}


def test_plan_of_what_ran_within_is_copied(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document, permissions=["clipboard-read", "clipboard-write"])
    button = page.locator(".inner > button").first
    place, inner = (int(button.get_attribute(f"data-{name}") or "") for name in ("place", "inner"))
    page.evaluate("document.querySelectorAll('#plans details').forEach(each => { each.open = true; })")
    button.click()
    page.wait_for_function("document.getElementById('told').textContent === 'Copied.'")
    (copied,) = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied == {"Plan": bench_document["measurements"][place]["nested"][inner]["plan"]}


def test_document_is_saved_as_it_came(opened: Opened, check_document: Document) -> None:
    page = opened(check_document)
    with page.expect_download() as download:
        page.locator("#save").click()
    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8")) == check_document


def test_filter_leaves_the_queries_that_hold_all_of_its_words(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    query = bench_document["queries"][0]["id"]
    page.locator("#plans input").fill(query)
    shown = page.locator("#plans > details:visible")
    assert 0 < shown.count() < len(bench_document["queries"])
    assert all(query in text for text in shown.all_text_contents())


def test_page_of_a_check_shows_what_the_document_says(opened: Opened, check_document: Document) -> None:
    page = opened(check_document)
    passed = [test for test in check_document["tests"] if test["outcome"] == "passed"]
    assert _tile(page, "verdict") == "not proved"
    assert _tile(page, "tests") == f"{len(passed)}/{len(check_document['tests'])}" == "1/2"
    for check in check_document["checks"]:
        badge = page.locator(f"[data-check={check['name']}] .badge").text_content()
        assert badge == check["status"].replace("_", " ")
    shown = page.locator("#findings [data-key]").evaluate_all("all => all.map(each => each.dataset.key)")
    assert sorted(shown) == sorted(found["key"] for found in check_document["findings"])
    assert check_document["findings"]
    assert "assert '<b>' == 2" in "".join(_texts(page, "#tests pre"))


def test_behaviour_matrix_shows_what_was_reached(opened: Opened, check_document: Document) -> None:
    page = opened(check_document)
    reached = [cell for cell in check_document["matrix"] if cell["reached"]]
    assert 0 < len(reached) < len(check_document["matrix"])
    assert page.locator("#behaviour td .reached").count() == len(reached)
    assert page.locator("#behaviour td .denied").count() == len(check_document["matrix"]) - len(reached)


@pytest.mark.parametrize("kind", ["bench", "check"])
def test_hostile_text_is_shown_and_never_run(opened: Opened, kind: str, request: pytest.FixtureRequest) -> None:
    document = _poisoned(request.getfixturevalue(f"{kind}_document"))
    page = opened(document)
    assert page.evaluate("window.hurt") is None
    assert page.locator("img").count() == 0
    assert _HOSTILE in "".join(_texts(page, "#findings summary"))
    assert page.evaluate("results.then(JSON.stringify)") == page.evaluate("JSON.stringify", document)


def _poisoned(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _poisoned(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_poisoned(each, key) for each in value]
    return f"{value}{_HOSTILE}" if isinstance(value, str) and key in _TEXTS else copy.copy(value)


@pytest.mark.parametrize("kind", ["bench", "check"])
def test_page_fits_a_phone_with_every_part_unfolded(opened: Opened, kind: str, request: pytest.FixtureRequest) -> None:
    page = opened(request.getfixturevalue(f"{kind}_document"), viewport=PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("kind", ["bench", "check"])
def test_labels_leave_a_phone_room_for_what_they_label(
    opened: Opened, kind: str, request: pytest.FixtureRequest
) -> None:
    page = opened(request.getfixturevalue(f"{kind}_document"), viewport=PHONE)
    labels = page.locator(".matrix tbody th[scope=row], [data-check] th, [data-requirement] th, .price tbody th")
    widths = labels.evaluate_all("all => all.map(each => [each.offsetWidth, each.scrollWidth])")
    assert len(widths) > 5
    assert max(width for width, _ in widths) <= 0.38 * PHONE["width"]
    assert all(inside <= width for width, inside in widths), "none is cut off"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(opened: Opened, bench_document: Document, scheme: str) -> None:
    page = opened(bench_document, color_scheme=scheme)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert dark == (scheme == "dark")
    contrasts = page.evaluate(_CONTRAST, _PARTS)
    assert len(contrasts) > 50
    assert min(contrasts) >= 4.5  # WCAG 2.2, 1.4.3


def test_page_is_read_without_scripts(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document, java_script_enabled=False)
    assert page.locator("button:visible, input:visible").count() == 0
    page.locator("details.query > summary").first.click()
    assert page.locator("details.query .tree").first.is_visible()


def test_page_is_printed_without_what_only_a_screen_has(opened: Opened, bench_document: Document) -> None:
    page = opened(bench_document)
    page.emulate_media(media="print")
    assert page.locator("nav:visible, button:visible, input:visible").count() == 0
    assert page.locator("#usage table").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_base_is_told_against_head(opened: Opened, bench_document: Document) -> None:
    base = copy.deepcopy(bench_document)
    worse = next(each for each in base["measurements"] if each["profile"] == base["judged"] and each["buffers"])
    worse["buffers"] *= 3
    gone = base["findings"].pop(0)
    page = opened(bench_document, base)
    rows = [" ".join(text.split()) for text in _texts(page, "#changes tbody tr")]
    assert len(rows) == 2
    assert gone["summary"] in rows[0]
    assert f"new {gone['level']}" in rows[0]
    assert f"{worse['key']}{worse['buffers']:,}{worse['buffers'] // 3:,}" in rows[1].replace(" ", "").replace(
        worse["key"].replace(" ", ""), worse["key"]
    )


def test_equal_base_has_no_differences(opened: Opened, check_document: Document) -> None:
    page = opened(check_document, copy.deepcopy(check_document))
    assert "No differences." in (page.locator("#changes .lead").text_content() or "")
    assert page.locator("#changes table").count() == 0
