"""`schemaproof rest`, as a person and CI meet it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

from schemaproof.database import Database
from schemaproof.results import json_schema
from tests.command import schemaproof
from tests.rest.imitation import KEY, closed_root, imitate

Deployed = Callable[..., Database]


def rest(folder: Path, url: str, *arguments: str, key: str = KEY) -> "CompletedProcess[str]":
    done = schemaproof(folder, "rest", "--rate", "1000", *arguments, SUPABASE_URL=url, SUPABASE_ANON_KEY=key)
    assert not key or key not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_project_as_the_migrations_make_it_is_proved(folder: Path, deployed: Deployed) -> None:
    with imitate(deployed()) as root:
        done = rest(folder, root.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 relations, 10 columns, 4 functions" in done.stdout


def test_table_made_by_hand_is_a_finding_in_every_format(folder: Path, deployed: Deployed, tmp_path: Path) -> None:
    outputs = [argument for name in ("r.json", "r.sarif", "r.xml", "r.html", "r.md") for argument in ("-o", name)]
    with imitate(deployed("create table public.leads (email text)")) as root:
        done = rest(folder, root.url, *outputs)
    assert done.returncode == 1
    assert "public.leads" in done.stdout
    document = json.loads((folder / "r.json").read_text())
    jsonschema.validate(document, json_schema())
    assert [(found["key"], found["level"]) for found in document["findings"]] == [("rest:public.leads", "error")]
    for name in ("r.sarif", "r.xml", "r.html", "r.md"):
        written = (folder / name).read_text()
        assert "public.leads" in written
        assert KEY not in written


def test_url_given_to_the_command_counts_before_the_variable(folder: Path, deployed: Deployed) -> None:
    with imitate(deployed(), instead=closed_root) as root:
        done = rest(folder, "https://nobody.invalid", "--url", root.url)
    assert done.returncode == 0
    assert "1 note" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "key", "told"),
    [
        ((), "", "SUPABASE_ANON_KEY"),
        ((), "sb_secret_x", "service_role"),
        (("--url", "nowhere"), KEY, "URL"),
        (("--role", "nobody"), "opaque-key", "nobody"),
        (("--rate", "0"), KEY, "rate"),
        (("--migrations", "none"), KEY, "none"),
        (("--format", "pdf"), KEY, "pdf"),
    ],
)
def test_bad_usage_ends_with_2(folder: Path, arguments: tuple[str, ...], key: str, told: str) -> None:
    with imitate() as root:
        done = rest(folder, root.url, *arguments, key=key)
    assert done.returncode == 2
    assert told in done.stderr
    assert root.asked == []


def test_migration_that_fails_is_told_without_asking_the_project(tmp_path: Path) -> None:
    (tmp_path / "bad.sql").write_text("create table public.notes (body no_such_type);")
    with imitate() as root:
        done = rest(tmp_path, root.url, "--migrations", "bad.sql", "--platform", "supabase")
    assert done.returncode == 1
    assert "no_such_type" in done.stderr
    assert root.asked == []


def test_refused_key_ends_with_2(folder: Path) -> None:
    with imitate() as root:
        done = rest(folder, root.url, key="another-key-than-its-own")
    assert done.returncode == 2
    assert "refuses the key" in done.stderr


def test_key_is_no_option_that_a_list_of_processes_would_show(folder: Path) -> None:
    assert "--key" not in schemaproof(folder, "rest", "--help").stdout
