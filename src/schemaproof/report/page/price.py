"""What row-level security costs: the same query by a role that bypasses it, with the policies written out."""

from schemaproof.report.page.section import Document, Section
from schemaproof.report.page.tree import grow

__all__ = ["price"]

# Below this factor of pages the price is not worth a line of its own.
_WORTH = 1.05


def price(document: Document) -> Section | None:
    """Return the section; None where no query has been asked both ways."""
    prices = sorted(document.get("rls", ()), key=lambda each: -each["factor"])
    if not prices:
        return None
    dear = [each for each in prices if each["factor"] >= _WORTH or each["kept_from"] or not each["same_indexes"]]
    return Section(
        "price",
        "Price of row-level security",
        "The same query by a role that bypasses the policies, with their conditions written out. A condition whose "
        "operator is not leakproof is kept from an index.",
        {
            "dear": [(each, grow(each["plan_bypassing"])) for each in dear],
            "free": [each for each in prices if each not in dear],
            "top": max(each["buffers"] for each in prices),
        },
    )
