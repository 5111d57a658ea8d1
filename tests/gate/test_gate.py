"""`schemaproof gate` as a reviewer meets it: what is new decides, and the document says what the change does."""

import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from schemaproof.acceptance import known_checks
from schemaproof.findings import GATED
from schemaproof.results import json_schema
from tests.command import schemaproof
from tests.gate.conftest import Repository, add_migration

NOTES = """
create table public.notes (
    clinic_id uuid not null references public.clinics (clinic_id) on delete cascade,
    note_id uuid not null,
    body text not null,
    constraint notes_pkey primary key (clinic_id, note_id)
);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create policy select_member on public.notes
    for select to authenticated using (clinic_id = (select public.current_clinic()));
revoke all on public.notes from anon, authenticated;
grant select on public.notes to authenticated;
"""
OPEN = "create policy all_read on public.patients for select to authenticated using (true);\n"
CLOSED = "drop policy all_read on public.patients;\n"


def _gate(folder: Path, *arguments: str) -> tuple[int, dict[str, Any], str]:
    done = schemaproof(folder, "gate", "--no-fire", *arguments, "--output", "json:gate.json")
    path = folder / "gate.json"
    document = json.loads(path.read_text()) if path.exists() else {}
    path.unlink(missing_ok=True)
    return done.returncode, document, done.stdout + done.stderr


def _new(document: dict[str, Any]) -> dict[str, str]:
    return {found["key"]: found["level"] for found in document["findings"] if not found["known"]}


def test_healthy_change_may_merge_and_the_document_tells_what_it_does(repository: Repository) -> None:
    add_migration(repository.root, "9_notes.sql", NOTES, "drop table public.notes;\n")
    code, document, _ = _gate(repository.root, "--base", "main")
    assert (code, document["verdict"]) == (0, "clean")
    jsonschema.validate(document, json_schema())
    gate = document["gate"]
    assert [(each["state"], each["version"], each["rollback"]) for each in gate["migrations"]] == [("new", "9", True)]
    assert {"kind": "table", "name": "public.notes", "change": "added"}.items() <= next(
        each for each in gate["objects"] if each["kind"] == "table"
    ).items()
    gained = [(each["object"], each["role"], each["privilege"]) for each in gate["privileges"]["gained"]]
    assert ("public.notes", "authenticated", "SELECT") in gained
    assert gate["head"]["dirty"]
    proved = {each["name"]: each["proved"] for each in document["checks"]}
    assert proved["stairway"] == {"steps": 1}
    assert proved["data_loss"]["steps"] == 1


def test_new_leak_fails_and_what_the_base_leaks_is_known(repository: Repository) -> None:
    add_migration(repository.root, "8_open.sql", OPEN, CLOSED)
    repository.commit()
    add_migration(repository.root, "9_notes.sql", NOTES, "drop table public.notes;\n")
    code, document, _ = _gate(repository.root, "--base", "main")
    known = [found["check"] for found in document["findings"] if found["known"] and found["level"] == "error"]
    assert (code, known) == (0, ["isolation"])
    code, document, _ = _gate(repository.root, "--base", "main~1")
    assert code == 1
    assert [key for key, level in _new(document).items() if level == "error"] == ["isolation:public.patients:select"]
    assert any(each["object"] == "public.patients" and each["change"] == "wider" for each in document["gate"]["cells"])


def test_inexact_rollback_of_a_new_migration_fails_and_old_steps_are_not_walked(repository: Repository) -> None:
    add_migration(repository.root, "9_notes.sql", NOTES, "alter table public.notes rename to old_notes;\n")
    code, document, _ = _gate(repository.root, "--base", "main")
    assert code == 1
    assert "stairway:9:table:public.old_notes" in _new(document)
    assert next(each for each in document["checks"] if each["name"] == "stairway")["proved"] == {"steps": 1}


def test_rollback_that_differs_is_proved_again(repository: Repository) -> None:
    rollback = repository.root / "rollbacks" / next((repository.root / "rollbacks").iterdir()).name
    rollback.write_text(rollback.read_text() + "\nselect 1;\n")
    code, document, _ = _gate(repository.root, "--base", "main")
    assert code == 0
    assert [each["state"] for each in document["gate"]["migrations"]] == ["rollback edited"]
    assert next(each for each in document["checks"] if each["name"] == "stairway")["proved"] == {"steps": 1}


def test_change_of_no_migration_is_told_and_may_merge(repository: Repository) -> None:
    (repository.root / "README").write_text("words")
    code, document, told = _gate(repository.root, "--base", "main")
    assert code == 0
    jsonschema.validate(document, json_schema())
    assert document["checks"] == []
    assert "nothing to prove" in told


def test_two_files_of_one_version_are_a_finding(repository: Repository) -> None:
    version = next((repository.root / "migrations").iterdir()).name.partition("_")[0]
    add_migration(repository.root, f"{version}_again.sql", "select 1;")
    code, document, _ = _gate(repository.root, "--base", "main")
    assert (code, list(_new(document))) == (1, ["history:files"])
    jsonschema.validate(document, json_schema())


def test_new_migration_that_does_not_build_is_a_finding_at_its_line(repository: Repository) -> None:
    add_migration(repository.root, "9_wrong.sql", "create table public.a ();\ncreate table public.b (c nonesuch);\n")
    code, document, _ = _gate(repository.root, "--base", "main")
    (found,) = [found for found in document["findings"] if found["check"] == "build"]
    assert (code, Path(found["file"]).name, found["line"]) == (1, "9_wrong.sql", 2)
    jsonschema.validate(document, json_schema())


def test_migration_that_hangs_is_ended_and_named_at_its_line(repository: Repository) -> None:
    add_migration(repository.root, "9_hangs.sql", "select 1;\nselect pg_sleep(86400);\n")
    code, document, _ = _gate(repository.root, "--base", "main", "--timeout", "2")
    (found,) = [found for found in document["findings"] if found["check"] == "build"]
    assert (code, Path(found["file"]).name, found["line"]) == (1, "9_hangs.sql", 2)
    assert "57014" in found["detail"]


def test_folders_are_compared_without_git(repository: Repository, tmp_path: Path) -> None:
    folder = repository.root
    shutil.rmtree(folder / ".git")
    shutil.copytree(folder, tmp_path / "before")
    add_migration(folder, "9_notes.sql", NOTES, "drop table public.notes;\n")
    code, document, told = _gate(tmp_path, "--base", "./before", "--head", str(folder))
    assert code == 0, told
    assert [each["version"] for each in document["gate"]["migrations"]] == ["9"]
    assert document["gate"]["base"]["commit"] is None


def test_reports_for_a_pull_request_are_written_at_once(repository: Repository) -> None:
    add_migration(repository.root, "8_open.sql", OPEN, CLOSED)
    outputs = ("markdown:gate.md", "sarif:gate.sarif", "junit:gate.xml", "html:gate.html", "gitlab:gate-quality.json")
    arguments = [word for each in outputs for word in ("--output", each)]
    code, document, told = _gate(repository.root, "--base", "main", "--format", "github", *arguments)
    assert code == 1
    markdown = (repository.root / "gate.md").read_text()
    assert markdown.startswith("<!-- schemaproof -->")
    assert "8\\_open.sql" in markdown
    assert len(markdown.encode()) < 65_536
    ElementTree.parse(repository.root / "gate.xml")
    results = json.loads((repository.root / "gate.sarif").read_text())["runs"][0]["results"]
    assert {each["ruleId"] for each in results} >= {"isolation"}
    assert "8_open.sql" in (repository.root / "gate.html").read_text()
    assert "::error file=" in told
    assert document["verdict"] == "findings"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--base", "nonesuch"), "nonesuch"),
        (("--base", "./nowhere"), "nowhere"),
        (("--base", ""), "empty"),
        (("--base", "main", "--head", "nonesuch"), "nonesuch"),
        (("--base", "main", "--config", "none.toml"), "none.toml"),
    ],
)
def test_what_is_not_there_is_refused_by_its_name(
    repository: Repository, arguments: tuple[str, ...], said: str
) -> None:
    code, document, told = _gate(repository.root, *arguments)
    assert (code, document) == (2, {})
    assert said in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"select '\xff';\n", "not UTF-8"),
        (b"\\i other.sql\n", "command of psql"),
        (b"copy public.clinics from stdin;\n1\n\\.\n", "COPY with its data"),
    ],
)
def test_file_that_cannot_be_run_is_named_with_its_line(repository: Repository, content: bytes, said: str) -> None:
    (repository.root / "migrations" / "9_odd.sql").write_bytes(content)
    (repository.root / "rollbacks" / "9_odd.sql").write_text("select 1;")
    code, _, told = _gate(repository.root, "--base", "main")
    assert code in (1, 2)
    assert said in told
    assert "9_odd.sql:1" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("odd", ["\ufeff", "\r\n"])
def test_byte_order_mark_and_line_ends_of_windows_do_not_matter(repository: Repository, odd: str) -> None:
    text = odd + NOTES if odd == "\ufeff" else NOTES.replace("\n", odd)
    (repository.root / "migrations" / "9_notes.sql").write_bytes(text.encode())
    (repository.root / "rollbacks" / "9_notes.sql").write_text("drop table public.notes;")
    code, _, told = _gate(repository.root, "--base", "main")
    assert code == 0, told


def test_every_name_that_a_finding_of_the_gate_carries_can_be_accepted_beside_its_statement() -> None:
    assert {*GATED, "plans", "queries", "stairway", "data_loss", "interruption", "renamed"} <= set(known_checks())
    assert "locks" in GATED
