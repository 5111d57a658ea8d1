"""One HTML page of a results document, for reading: offline, on a phone, in print, light and dark."""

from schemaproof.report.page.page import render_html

__all__ = ["render_html"]
