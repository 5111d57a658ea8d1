"""Growth: pages over rows, both logarithmic, a chart for each query; drawn as SVG that the page's CSS dresses."""

import importlib.metadata
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from schemaproof.report.page.section import Document, Section

__all__ = ["Curves", "growth"]

_RANK = ("linear", "growing", "flat", "unknown")
_WORDS = {"linear": "grow with the data", "growing": "grow, but less than the data", "flat": "do not grow"}
_SERIES = re.compile(r"series serie-(\d+)")
_FRACTION = re.compile(r"\d+\.\d{2,}")
_OF_THE_SCRIPT = ("reactive", "tooltip-trigger", "nofill", "logarithmic", "always_show")
_ORDER = ("largest", "all", "small", "missing")


@dataclass(frozen=True)
class Curves:
    """A query as one role asks it: a curve for each size of tenant, the steepest one's class and slope."""

    query: str
    role: str
    rate: str
    slope: float
    chart: Markup
    curves: tuple[Document, ...]


def growth(document: Document) -> Section | None:
    """Return the section; None where there are less than two profiles."""
    if len(document.get("profiles", ())) < 2:
        return None
    found: dict[tuple[str, str], list[Document]] = {}
    for curve in document["growth"]:
        found.setdefault((curve["query"], curve["role"]), []).append(curve)
    top = max(point["buffers"] for curve in document["growth"] for point in curve["points"])
    scale = _Scale.of(document["profiles"], top)
    drawn = sorted((_curves(curves, scale) for curves in found.values()), key=lambda each: -each.slope)
    groups = {rate: [each for each in drawn if each.rate == rate] for rate in _WORDS}
    return Section(
        "growth",
        "Growth",
        "Pages (upwards) over rows of all tables (to the right), both axes logarithmic and the same in every chart: a "
        "query that is served by its index stays flat.",
        {"groups": {rate: each for rate, each in groups.items() if each}, "words": _WORDS},
    )


@dataclass(frozen=True)
class _Scale:
    profiles: tuple[tuple[str, int], ...]
    decades: int

    @classmethod
    def of(cls, profiles: Iterable[Document], top: int) -> "_Scale":
        named = tuple((profile["name"], profile["total"]) for profile in profiles)
        return cls(named, max(1, math.ceil(math.log10(max(top, 1)))))


def _curves(curves: Sequence[Document], scale: _Scale) -> Curves:
    curves = sorted(curves, key=lambda curve: _ORDER.index(curve["size"]))
    told = [curve for curve in curves if curve["size"] != "missing"] or curves
    steepest = min(told, key=lambda curve: (_RANK.index(curve["class"]), -(curve["slope"] or 0)))
    first = curves[0]
    return Curves(
        first["query"], first["role"], steepest["class"], steepest["slope"] or 0.0, _draw(curves, scale), tuple(curves)
    )


def _draw(curves: Sequence[Document], scale: _Scale) -> Markup:
    chart = _library().XY(**_settings(scale))
    for curve in curves:
        points = [(point["rows"], max(point["buffers"], 1)) for point in curve["points"]]
        chart.add(curve["size"], points, formatter=_told(curve))
    chart.add_xml_filter(partial(_only_the_drawing, sizes=[curve["size"] for curve in curves]))
    return Markup(chart.render(is_unicode=True))  # noqa: S704  # a tree of elements, written by its library


def _library() -> Any:
    """Import pygal without what it does to the finders of this process.

    It adds a finder for plugins that lets every later import warn, and asks for the backport of
    ``importlib.metadata``, which takes the standard library's finder of packages away.
    """
    finders = list(sys.meta_path)
    lent = sys.modules.setdefault("importlib_metadata", importlib.metadata) is importlib.metadata
    try:
        import pygal
    finally:
        sys.meta_path[:] = finders
        if lent:
            del sys.modules["importlib_metadata"]
    return pygal


def _settings(scale: _Scale) -> Mapping[str, Any]:
    left, right = scale.profiles[0][1], scale.profiles[-1][1]
    return {
        "logarithmic": True,
        "width": 240,
        "height": 150,
        "margin": 4,
        "dots_size": 3,
        "show_legend": False,
        "disable_xml_declaration": True,
        "no_prefix": True,
        "css": (),
        "js": (),
        "range": (1, 10**scale.decades),
        "xrange": (left / 1.3, right * 1.3),
        "x_labels": [{"value": rows, "label": name} for name, rows in scale.profiles],
        "y_labels": [{"value": 10**n, "label": f"{10**n:,}"} for n in range(scale.decades + 1)],
    }


def _told(curve: Document) -> Any:
    pages = {(point["rows"], max(point["buffers"], 1)): point for point in curve["points"]}

    def told(value: tuple[int, int]) -> str:
        point = pages[value[0], value[1]]
        return f"{curve['size']}, {point['profile']}: {point['buffers']:,} pages at {point['rows']:,} rows"

    return told


def _only_the_drawing(root: Any, *, sizes: Sequence[str]) -> Any:
    """Leave out of the chart its script, its style and what is empty; a curve's class is its size of tenant."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or _is_useless(parent, child):
                parent.remove(child)
            elif child.tag == "desc":
                _retell(parent, child)
            elif match := _SERIES.match(child.get("class", "")):
                child.set("class", f"series {sizes[int(match[1])]}")
        _shorten(parent)
    del root.attrib["id"]
    del root.attrib["xmlns"]  # within HTML it is SVG already
    root.set("role", "img")
    root.set("aria-label", "pages over rows")
    return root


def _is_useless(parent: Any, child: Any) -> bool:
    """Tell whether an element is for pygal's script, is an empty group, or says of a label what it shows already."""
    kind = child.get("class", "")
    return (
        child.tag == "defs"
        or "tooltip-overlay" in kind
        or "text-overlay" in kind
        or (child.tag == "g" and len(child) == 0)
        or (child.tag == "title" and "dots" not in parent.get("class", ""))
    )


def _shorten(element: Any) -> None:
    """Round places to a tenth of a unit, and leave out classes that only pygal's script reads."""
    for name, value in element.attrib.items():
        element.set(name, _FRACTION.sub(lambda match: f"{float(match[0]):.1f}", value))
    kinds = [kind for kind in element.get("class", "").split() if kind not in _OF_THE_SCRIPT]
    element.attrib.pop("class", None)
    if kinds:
        element.set("class", " ".join(kinds))


def _retell(parent: Any, description: Any) -> None:
    """Make what is told of a point its title, which browsers show; its place in the drawing is for a script."""
    if description.get("class") == "value":
        description.tag = "title"
        description.attrib.clear()
    else:
        parent.remove(description)
