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


@pytest.mark.parametrize("name", ["1_aaa.sql", "1_zzz.sql"])
def test_two_files_of_one_version_are_a_finding_on_the_new_one(repository: Repository, name: str) -> None:
    assert [path.name[:2] for path in sorted((repository.root / "migrations").iterdir())].count("1_") == 1
    add_migration(repository.root, name, "select 1;")
    code, document, _ = _gate(repository.root, "--base", "main")
    assert (code, list(_new(document))) == (1, [f"history:file:migrations/{name}"])
    assert [found["file"] for found in document["findings"]] == [f"migrations/{name}"]
    jsonschema.validate(document, json_schema())


@pytest.mark.parametrize("committed", [False, True])
def test_all_that_cannot_be_read_of_the_head_is_told_each_with_its_place(
    repository: Repository, committed: bool
) -> None:
    add_migration(repository.root, "8_odd.sql", "select 1;\n-- schemaproof: ireversible x\n")
    add_migration(repository.root, "9_odd.sql", "")
    (repository.root / "migrations" / "9_odd.sql").write_bytes(b"select 1;\nselect '\xff';\n")
    if committed:
        repository.git("checkout", "--quiet", "-b", "feature")
        repository.commit()
    head = ("--head", "feature") if committed else ()
    code, document, told = _gate(repository.root, "--base", "main", *head)
    assert code == 1
    jsonschema.validate(document, json_schema())
    places = {found["file"]: found["line"] for found in document["findings"]}
    assert places == {"migrations/8_odd.sql": 2, "migrations/9_odd.sql": 2}
    gate = document["gate"]
    assert (gate["head"]["name"], gate["base"]["name"]) == ("feature" if committed else "the work tree", "main")
    assert gate["head"]["migrations"] == gate["base"]["migrations"]
    assert "/files/" not in told + json.dumps(document)


def test_base_that_lacks_a_rollback_can_be_gated_and_only_new_migrations_must_have_theirs(
    repository: Repository,
) -> None:
    rollback = min((repository.root / "rollbacks").iterdir())
    rollback.unlink()
    (repository.root / "rollbacks" / "0_nothing.sql").write_text("select 1;")
    repository.commit()
    add_migration(repository.root, "9_notes.sql", NOTES, "drop table public.notes;\n")
    code, document, told = _gate(repository.root, "--base", "main")
    assert (code, document["verdict"]) == (0, "clean"), told
    assert next(each for each in document["checks"] if each["name"] == "stairway")["proved"] == {"steps": 1}
    (repository.root / "rollbacks" / "9_notes.sql").rename(repository.root / "rollbacks" / "9_note.sql")
    code, document, told = _gate(repository.root, "--base", "main")
    errors = {found["key"]: found["file"] for found in document["findings"] if found["level"] == "error"}
    assert (code, errors) == (
        1,
        {
            "history:no_rollback:9": "migrations/9_notes.sql",
            "history:orphan:9_note.sql": "rollbacks/9_note.sql",
        },
    )


def test_base_that_cannot_be_read_is_refused_with_its_name_and_its_files(repository: Repository) -> None:
    (repository.root / "migrations" / "8_odd.sql").write_bytes(b"\n\xff")
    (repository.root / "rollbacks" / "8_odd.sql").write_text("select 1;")
    repository.commit()
    code, document, told = _gate(repository.root, "--base", "main")
    assert (code, document) == (2, {})
    assert "main:migrations/8_odd.sql:2: " in told
    assert "/files/" not in told


def test_deleted_migration_is_told_with_its_folder(repository: Repository) -> None:
    gone = max((repository.root / "migrations").iterdir()).name
    for folder in ("migrations", "rollbacks"):
        (repository.root / folder / gone).unlink()
    _, document, _ = _gate(repository.root, "--base", "main")
    (found,) = [found for found in document["findings"] if found["key"].startswith("history:deleted")]
    assert found["file"] == f"migrations/{gone}"
    assert [(each["state"], each["file"]) for each in document["gate"]["migrations"]] == [
        ("deleted", f"migrations/{gone}")
    ]


def test_change_that_deletes_every_migration_is_told(repository: Repository) -> None:
    for folder in ("migrations", "rollbacks"):
        shutil.rmtree(repository.root / folder)
    code, document, told = _gate(repository.root, "--base", "main")
    assert code == 1, told
    assert {key.rpartition(":")[0] for key in _new(document)} == {"history:deleted"}


def test_file_that_no_runner_takes_is_told_by_its_place_whatever_its_name(repository: Repository) -> None:
    (repository.root / "migrations" / "old notes.md").write_text("words")
    repository.commit()
    (repository.root / "migrations" / "new notes.md").write_text("words")
    code, document, _ = _gate(repository.root, "--base", "main")
    assert code == 1
    assert {found["key"]: found["file"] for found in document["findings"]} == {
        "history:passed_over:new notes.md": "migrations/new notes.md"
    }


def test_project_of_several_in_one_repository_is_named_by_its_folder_of_migrations(
    repository: Repository, tmp_path: Path
) -> None:
    top = tmp_path / "top"
    for name in ("one", "two"):
        shutil.copytree(repository.root / "migrations", top / "services" / name / "migrations")
        shutil.copytree(repository.root / "rollbacks", top / "services" / name / "rollbacks")
    whole = Repository(top)
    whole.commit()
    code, _, told = _gate(top, "--base", "main")
    assert code == 2
    assert "--migrations" in told
    add_migration(top / "services" / "two", "9_notes.sql", "create table public.notes (", "drop table public.notes;\n")
    for folder, path in ((top, "services/two/migrations"), (top / "services" / "one", "../two/migrations")):
        code, document, told = _gate(folder, "--base", "main", "--migrations", path)
        assert [each["version"] for each in document["gate"]["migrations"]] == ["9"], told
        assert code == 1
    code, document, _ = _gate(top, "--base", "main", "--migrations", "services/one/migrations")
    assert (code, document["gate"]["migrations"]) == (0, [])


@pytest.mark.parametrize("committed", [False, True])
def test_new_migration_that_does_not_build_is_a_finding_at_its_line(repository: Repository, committed: bool) -> None:
    if committed:
        repository.git("checkout", "--quiet", "-b", "feature")
    add_migration(repository.root, "9_wrong.sql", "create table public.a ();\ncreate table public.b (c nonesuch);\n")
    if committed:
        repository.commit()
    head = ("--head", "feature") if committed else ()
    code, document, told = _gate(repository.root, "--base", "main", *head)
    (found,) = [found for found in document["findings"] if found["check"] == "build"]
    assert (code, found["file"], found["line"]) == (1, "migrations/9_wrong.sql", 2)
    assert found["detail"].startswith("migrations/9_wrong.sql:2:")
    assert "/files/" not in told + json.dumps(document)
    jsonschema.validate(document, json_schema())


def test_migration_that_hangs_is_ended_and_named_at_its_line(repository: Repository) -> None:
    add_migration(repository.root, "9_hangs.sql", "select 1;\nselect pg_sleep(86400);\n")
    code, document, _ = _gate(repository.root, "--base", "main", "--timeout", "2")
    (found,) = [found for found in document["findings"] if found["check"] == "build"]
    assert (code, Path(found["file"]).name, found["line"]) == (1, "9_hangs.sql", 2)
    assert "57014" in found["detail"]
    assert "--timeout" in found["remedy"]


def test_folders_are_compared_without_git(repository: Repository, tmp_path: Path) -> None:
    folder = repository.root
    shutil.rmtree(folder / ".git")
    shutil.copytree(folder, tmp_path / "before")
    add_migration(folder, "9_notes.sql", NOTES, "drop table public.notes;\n")
    code, document, told = _gate(tmp_path, "--base", "./before", "--head", str(folder))
    assert code == 0, told
    assert [each["version"] for each in document["gate"]["migrations"]] == ["9"]
    assert document["gate"]["base"]["commit"] is None


def test_what_the_first_migrations_of_a_project_open_of_the_platform_is_told(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "before").mkdir()
    shutil.copy(repository.root / "schemaproof.toml", tmp_path / "before")
    opened = "create schema private; alter default privileges in schema private grant select on tables to anon;\n"
    add_migration(repository.root, "9_open.sql", opened, "drop schema private;\n")
    _, document, told = _gate(tmp_path, "--base", "./before", "--head", str(repository.root))
    assert len(document["gate"]["migrations"]) == len(list((repository.root / "migrations").iterdir())), told
    assert "loosened:defaults:private: tables of postgres" in _new(document)


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
