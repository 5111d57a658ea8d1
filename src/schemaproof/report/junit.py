"""JUnit XML, as CI systems read it: a suite for the checks, one for the project's tests."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

__all__ = ["junit"]

# XML 1.0 has no way to write most control characters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def junit(document: Mapping[str, Any]) -> str:
    """Return the document as JUnit XML; a check is a test case that fails with its findings of level error."""
    root = ElementTree.Element("testsuites", name="schemaproof", time=str(document["seconds"]))
    _suite(root, "schemaproof.checks", [_check(document, found) for found in document["checks"]])
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


def _check(document: Mapping[str, Any], found: Mapping[str, Any]) -> ElementTree.Element:
    case = _case("schemaproof.checks", found["name"], found["seconds"])
    if found["status"] == "broken":
        _child(case, "error", found["reason"], found["reason"])
    elif found["status"] == "not_applicable":
        _child(case, "skipped", found["reason"])
    findings = [each for each in document["findings"] if each["check"] == found["name"] and each["excluded"] is None]
    if errors := [each for each in findings if each["level"] == "error"]:
        _child(case, "failure", f"{len(errors)} findings", "\n\n".join(map(_finding, errors)))
    if others := [each for each in findings if each["level"] != "error"]:
        ElementTree.SubElement(case, "system-out").text = _clean("\n\n".join(map(_finding, others)))
    return case


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
