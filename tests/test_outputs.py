"""Several reports of one run: which format goes where, and what is refused before anything runs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemaproof.cli.reports import Report, Reports
from schemaproof.errors import UsageError
from schemaproof.report import ENDINGS, FORMATS
from tests.command import schemaproof

_BARE: dict[str, Any] = {
    "schema_version": 1,
    "schemaproof": "0.1.0",
    "started": "2026-01-01T00:00:00+00:00",
    "seconds": 1.0,
    "verdict": "clean",
    "environment": {
        "python": "3.11.7",
        "system": "Linux x86_64",
        "server": {"kind": "embedded", "version": "17.10"},
        "platform": {"name": "plain", "parts": []},
    },
    "target": {"migrations": "m", "versions": [], "fingerprint": "0", "root": "", "settings": None},
    "tenancy": None,
    **dict.fromkeys(("checks", "findings", "matrix", "tests", "requirements"), ()),
}


@pytest.mark.parametrize(
    ("styles", "outputs", "terminal", "files"),
    [
        ([], [], "text", []),
        (["github"], [], "github", []),
        (["junit"], ["out.anything"], "text", [("junit", "out.anything")]),
        ([], ["a.json", "b.xml", "c.sarif", "d.md", "e.txt", "f.sarif.json", "g", "h.html"], "text", None),
        ([], ["gitlab:x.json", "sarif:y"], "text", [("gitlab", "x.json"), ("sarif", "y")]),
        (["github"], ["gitlab:x.json"], "github", [("gitlab", "x.json")]),
        (["sarif", "junit"], ["x", "y"], "text", [("sarif", "x"), ("junit", "y")]),
        (["github"], ["a.md", "b.sarif"], "github", [("markdown", "a.md"), ("sarif", "b.sarif")]),
        (["github"], ["a.md"], "github", [("markdown", "a.md")]),
        (["json"], ["results.json"], "json", [("json", "results.json")]),
        (["gitlab"], ["gitlab:q.json", "r.sarif.json"], "gitlab", [("gitlab", "q.json"), ("sarif", "r.sarif.json")]),
        (["gitlab"], ["a.md", "b"], "text", [("markdown", "a.md"), ("gitlab", "b")]),
        (["sarif", "junit"], ["x", "json:y", "z"], "text", [("sarif", "x"), ("json", "y"), ("junit", "z")]),
    ],
)
def test_format_is_named_paired_or_told_by_the_ending(
    styles: list[str], outputs: list[str], terminal: str, files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if files is None:
        files = list(zip(["json", "junit", "sarif", "markdown", "text", "sarif", "text", "html"], outputs, strict=True))
    assert Reports.read(styles, outputs) == Reports(terminal, tuple(Report(style, Path(path)) for style, path in files))


@pytest.mark.parametrize(
    ("styles", "outputs", "said"),
    [
        (["jsn"], [], "`json`"),
        ([], ["sarf:x"], "`sarif`"),
        ([], ["x.html5"], "'.html5'"),
        ([], [""], "without a file"),
        ([], ["x.json", "x.json"], "two outputs on one file: x.json"),
        ([], ["x.json", "sarif:./sub/../x.json"], "two outputs on one file"),
        ([], ["x.json", "link.json"], "two outputs on one file: x.json and link.json"),
        ([], ["taken.json"], "two outputs on one file"),
        ([], ["no/such/x.json"], "cannot write no/such/x.json"),
        (["json", "sarif"], ["x"], "2 formats for 1 output whose"),
        (["json"], ["x", "y"], "1 format for 2 outputs"),
        (["json", "text"], [], "2 formats for the terminal"),
        (["json", "text"], ["x.md"], "2 formats for the terminal"),
        (["gitlab"], ["quality.json"], "gitlab:quality.json"),
        (["sarif"], ["a.md", "x.json"], "sarif:x.json"),
    ],
)
def test_wrong_outputs_are_refused(
    styles: list[str], outputs: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    Path("link.json").symlink_to("x.json")
    with pytest.raises(UsageError) as refusal:
        Reports.read(styles, outputs, taken=[Path("taken.json")])
    assert said in str(refusal.value)
    assert refusal.value.remedy


@pytest.mark.parametrize(
    "arguments",
    [
        ["-o", "x.json", "-o", "x.json"],
        ["-o", "x.foo"],
        ["-o", "/proc/x.json"],
        ["-o", "sarif:migrations"],
        ["-o", "json:schemaproof-baseline.json", "--write-baseline"],
        ["--baseline", "/proc/x.json", "--write-baseline"],
    ],
)
def test_wrong_outputs_end_with_2_before_anything_runs(clinic: Path, arguments: list[str]) -> None:
    files = set(clinic.rglob("*"))
    done = schemaproof(clinic, "check", "--server", "system", "--pg-version", "9", *arguments)  # there is none
    assert (done.returncode, done.stdout) == (2, "")
    assert "PostgreSQL 9" not in done.stderr
    assert set(clinic.rglob("*")) == files


def test_one_run_writes_them_all_and_the_terminal_still_gets_the_text(clinic: Path) -> None:
    names = ["r.json", "r.xml", "r.sarif", "r.md", "r.txt", "r.html", "github:r.gh", "gitlab:g.json"]
    done = schemaproof(clinic, "check", "--only", "row_security", *(part for name in names for part in ("-o", name)))
    assert (done.returncode, "proved: no findings" in done.stdout) == (0, True)
    document = json.loads((clinic / "r.json").read_text())
    for name in names:
        file = clinic / name.rpartition(":")[2]
        style = name.rpartition(":")[0] or {"xml": "junit", "md": "markdown", "txt": "text"}.get(file.suffix[1:], "")
        again = schemaproof(clinic, "report", "r.json", "--format", style or file.suffix[1:])
        assert (again.returncode, again.stderr) == (0, "")
        assert again.stdout == file.read_text()
    assert document["verdict"] == "clean"


def test_report_that_fails_keeps_no_other_from_being_written(clinic: Path) -> None:
    done = schemaproof(clinic, "check", "--only", "build", "-o", "/dev/full", "-o", "r.json")
    assert (done.returncode, "No space left" in done.stderr) == (2, True)
    assert json.loads((clinic / "r.json").read_text())["verdict"] == "clean"
    assert "proved" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "No such file"),
        ("{", "not JSON"),
        ("[]", "no results document"),
        ("{}", "no results document"),
        ('{"schema_version": 2}', "version 2"),
        ('{"schema_version": 1}', "lack schemaproof"),
        (json.dumps(_BARE | {"findings": [{"check": "x"}]}), "lack findings[0].level"),
        (json.dumps(_BARE | {"target": 3}), "lack target"),
        (json.dumps(_BARE | {"findings": 3}), "lack findings"),
    ],
)
def test_results_that_cannot_be_read_are_refused(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / "r.json").write_text(text)
    done = schemaproof(tmp_path, "report", "r.json")
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_results_are_not_overwritten_by_their_own_report(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('{"schema_version": 1}')
    done = schemaproof(tmp_path, "report", "r.json", "-o", "r.json")
    assert (done.returncode, "two outputs" in done.stderr) == (2, True)
    assert (tmp_path / "r.json").read_text() == '{"schema_version": 1}'


def test_commands_of_the_page_on_ci_are_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).parent.parent / "docs" / "ci.md").read_text()
    commands = re.findall(r"schemaproof (?:check|report results\.json) +(--(?:output|format)[^`\n>]*)", page)
    assert len(commands) >= 4
    for command in commands:
        words = command.split()
        options = list(zip(words[::2], words[1::2], strict=True))
        styles = [value for option, value in options if option == "--format"]
        outputs = [value for option, value in options if option == "--output"]
        assert len(Reports.read(styles, outputs).files) == len(outputs)
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(FORMATS)
    told = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", page, re.MULTILINE))
    endings = {ending: style for style, cell in told.items() for ending in re.findall(r"`(\.\w+)`", cell)}
    assert endings == {ending: style for ending, style in ENDINGS.items() if ending}
