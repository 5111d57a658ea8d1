"""The page as a whole: which sections a document has, in which order, around the document itself."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from schemaproof.report.findings import singular
from schemaproof.report.page.behaviour import behaviour
from schemaproof.report.page.change import change
from schemaproof.report.page.changes import changes
from schemaproof.report.page.findings import findings
from schemaproof.report.page.growth import growth
from schemaproof.report.page.necessity import necessity
from schemaproof.report.page.plans import plans
from schemaproof.report.page.price import price
from schemaproof.report.page.proofs import checks, requirements, tests
from schemaproof.report.page.section import Document, Section
from schemaproof.report.page.surroundings import surroundings
from schemaproof.report.page.tiles import tiles
from schemaproof.report.page.usage import usage

__all__ = ["render_html"]

_SECTIONS: tuple[Callable[[Document], Section | None], ...] = (
    findings,
    change,
    checks,
    behaviour,
    usage,
    growth,
    necessity,
    price,
    plans,
    requirements,
    tests,
    surroundings,
)


def render_html(document: Document, base: Document | None = None) -> str:
    """Return the document as one HTML page that needs no network.

    Args:
        document: of `schemaproof check` or `schemaproof bench`.
        base: of the same command, an earlier state; what differs from it is shown first.

    Raises:
        ValueError: `base` is of the other command.
    """
    environment = Environment(
        loader=PackageLoader("schemaproof.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": _count, "number": _number, "soft": _soft}
    script = _asset("page.js")
    return environment.get_template("page.html.j2").render(
        document=document,
        command=document.get("kind", "check"),
        tiles=tiles(document),
        sections=[*_sections(document, base)],
        style=_asset("page.css"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        embedded=_embedded(document),
    )


def _sections(document: Document, base: Document | None) -> Iterator[Section]:
    if base is not None:
        yield changes(document, base)
    yield from filter(None, (section(document) for section in _SECTIONS))


def _asset(name: str) -> Markup:
    text = files("schemaproof.report.page").joinpath("templates", name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704  # of this package


def _embedded(document: Document) -> str:
    """The document, compressed: a tenth of its size, and nothing in it can end the element that it stands in."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _count(number: int, plural: str) -> str:
    return f"{number:,} {singular(plural) if number == 1 else plural}"


def _number(value: float | None) -> str:
    """Three figures are enough: 1,234 and 12.3 and 0.012; an unknown one is a dash."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _soft(name: str) -> Markup:
    """A name that may break where its words end: a phone has no room for a whole one."""
    return Markup("<wbr>").join(re.split(r"(?<=[_./])", name))
