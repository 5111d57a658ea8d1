"""`schemaproof bench` and `schemaproof explain` as a person meets them: a process each, with output and exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from schemaproof.bench import bench_schema


def _schemaproof(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "schemaproof", *arguments]
    return subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False, timeout=120)


def test_healthy_catalogue_exits_0_and_writes_valid_json(project: Path) -> None:
    done = _schemaproof(project, "bench", "--profile", "10k", "--output", "bench.json", "--output", "bench.html")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((project / "bench.json").read_text())
    jsonschema.Draft202012Validator(bench_schema()).validate(document)
    assert "proved: 4 queries, 6 indexes" in done.stdout
    assert "patients_seen_at_idx" in done.stdout
    assert "\x1b" not in done.stdout
    again = _schemaproof(project, "report", "bench.json", "--output", "again.html")
    assert (again.returncode, again.stdout) == (0, done.stdout)
    assert (project / "again.html").read_bytes() == (project / "bench.html").read_bytes()
    other = _schemaproof(project, "report", "bench.json", "--format", "sarif")
    assert (other.returncode, "Formats: text, json, html." in other.stderr) == (2, True)


def test_finding_exits_1_with_file_line_and_plan(project: Path) -> None:
    path = project / "benchmarks" / "queries" / "patients_of_late.sql"
    path.write_text(path.read_text().replace("max_buffers: 30", "max_buffers: 1"))
    done = _schemaproof(project, "bench", "--profile", "10k", "--only", "patients_of_late")
    assert done.returncode == 1
    assert "error  plans  benchmarks/queries/patients_of_late.sql:8" in done.stdout
    assert "Index Scan" in done.stdout
    assert "not proved" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("bench", "--profile", "11k"), "Did you mean `10k`?"),
        (("bench", "--only", "patients_late"), "Did you mean `patients_of_late`?"),
        (("bench", "--format", "sarif"), "Formats: text, json, html."),
        (("explain", "dischrage"), "Did you mean `discharge`?"),
        (("explain", "discharge", "--role", "authenticate"), "Did you mean `authenticated`?"),
        (("explain", "same_patient"), "It has no plan to be shown."),
    ],
)
def test_wrong_usage_exits_2_with_a_remedy(project: Path, arguments: tuple[str, ...], told: str) -> None:
    done = _schemaproof(project, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_explain_shows_values_counts_and_what_runs_within(project: Path) -> None:
    arguments = ("explain", "discharge", "--role", "authenticated", "--size", "largest", "--profile", "tiny")
    done = _schemaproof(project, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    head, *_ = done.stdout.splitlines()
    assert head == "discharge / authenticated / largest"
    assert "  :patient = " in done.stdout
    assert "1 rows, " in done.stdout
    assert "Delete on public.patients" in done.stdout
    assert 'within: DELETE FROM ONLY "public"."visits"' in done.stdout
