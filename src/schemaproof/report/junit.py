"""JUnit XML, as CI systems read it: a suite for the checks, one for the project's tests."""

import re
from collections.abc import Iterable, Mapping
from itertools import starmap
from typing import Any
from xml.etree import ElementTree

from schemaproof.report.findings import Document, by_check, counted

__all__ = ["junit"]

# XML 1.0 has no way to write most control characters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def junit(document: Mapping[str, Any]) -> str:
    """Return the document as JUnit XML; a check is a test case that fails with its findings of level error."""
    root = ElementTree.Element("testsuites", name="schemaproof", time=str(document["seconds"]))
    findings = dict(by_check(document))
    cases = [_check(found, findings.pop(found["name"], [])) for found in document["checks"]]
    _suite(root, "schemaproof.checks", [*cases, *starmap(_others, findings.items())])
    if document["tests"]:
        _suite(root, "schemaproof.suites", [_test(found) for found in document["tests"]])
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ElementTree.Element, name: str, cases: Iterable[ElementTree.Element]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=name)
    suite.extend(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in suite)))
    suite.set("tests", str(len(suite)))


def _check(found: Document, findings: Iterable[Document]) -> ElementTree.Element:
    case = _case("schemaproof.checks", found["name"], found["seconds"])
    if found["status"] == "broken":
        _child(case, "error", found["reason"], found["reason"])
    elif found["status"] == "not_applicable":
        _child(case, "skipped", found["reason"])
    _tell(case, findings)
    return case


def _others(name: str, findings: Iterable[Document]) -> ElementTree.Element:
    """Findings of no check: of the coverage, of what the project accepts."""
    case = _case("schemaproof.checks", name, 0.0)
    _tell(case, findings)
    return case


def _tell(case: ElementTree.Element, findings: Iterable[Document]) -> None:
    errors = [each for each in findings if each["level"] == "error"]
    others = [each for each in findings if each["level"] != "error"]
    if errors:
        _child(case, "failure", counted(len(errors), "findings"), "\n\n".join(map(_finding, errors)))
    if others:
        ElementTree.SubElement(case, "system-out").text = _clean("\n\n".join(map(_finding, others)))


def _test(found: Mapping[str, Any]) -> ElementTree.Element:
    module, _, name = found["id"].partition("::")
    case = _case(module.removesuffix(".py").replace("/", "."), name, found["seconds"])
    tags = {"failed": "failure", "error": "error", "skipped": "skipped"}
    if tag := tags.get(found["outcome"]):
        _child(case, tag, found["message"].partition("\n")[0], found["message"])
    return case


def _case(group: str, name: str, seconds: float) -> ElementTree.Element:
    return ElementTree.Element("testcase", classname=_clean(group), name=_clean(name), time=str(seconds))


def _child(case: ElementTree.Element, tag: str, message: str, text: str = "") -> None:
    ElementTree.SubElement(case, tag, message=_clean(message)).text = _clean(text)


def _finding(found: Mapping[str, Any]) -> str:
    place = f"{found['file']}:{found['line']}: " if found["file"] else ""
    return f"{place}{found['level']}: {found['summary']}\n{found['remedy']}\n{found['detail']}".rstrip()


def _clean(text: str) -> str:
    return _CONTROL.sub("�", text)
