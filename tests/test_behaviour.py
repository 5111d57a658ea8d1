"""The committed matrix: its file is stable, and what is wider than it is found."""

from pathlib import Path

import pytest

from schemaproof.behaviour import Widening, cells_text, read_cells, widenings
from schemaproof.errors import UsageError
from tests.command import schemaproof


def _cell(
    outcome: str, *, name: str = "public.t", identity: str = "anon", command: str = "select"
) -> dict[str, object]:
    return {"object": name, "identity": identity, "command": command, "outcome": outcome}


def test_file_is_sorted_one_identity_a_line_and_read_back(tmp_path: Path) -> None:
    matrix = [
        _cell("0 rows", identity="b"),
        _cell("42501", identity="a", command="update"),
        _cell("1 row", name="public.a"),
    ]
    text = cells_text(matrix)
    assert text == cells_text(reversed(matrix))
    assert [line.strip().partition(":")[0] for line in text.splitlines()[3:9]] == [
        '"public.a"',
        '"anon"',
        "},",
        '"public.t"',
        '"a"',
        '"b"',
    ]
    (tmp_path / "behaviour.json").write_text(text)
    assert read_cells(tmp_path / "behaviour.json")["public.t"] == {"a": {"update": "42501"}, "b": {"select": "0 rows"}}


def test_empty_matrix_is_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "behaviour.json").write_text(cells_text([]))
    assert read_cells(tmp_path / "behaviour.json") == {}


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        ("0 rows", "1 row", True),
        ("42501", "2 rows", True),
        ("0 rows", "23505", True),
        ("1 row", "3 rows", False),
        ("2 rows", "0 rows", False),
        ("0 rows", "42501", False),
    ],
)
def test_cell_is_wider_where_rows_are_reached_that_were_not(before: str, after: str, wider: bool) -> None:
    found = widenings({"public.t": {"anon": {"select": before}}}, [_cell(after)])
    assert found == ([Widening("public.t", "anon", "select", before, after)] if wider else [])


def test_command_that_was_not_there_is_wider_and_objects_that_were_not_are_new() -> None:
    before = {"public.t": {"anon": {"select": "0 rows"}}}
    assert widenings(before, [_cell("1 row", command="delete")])
    assert not widenings(before, [_cell("1 row", name="public.new"), _cell("1 row", identity="somebody new")])


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 0, "cells": {}}'])
def test_file_that_is_none_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "behaviour.json").write_text(text)
    with pytest.raises(UsageError) as refusal:
        read_cells(tmp_path / "behaviour.json")
    assert "schemaproof behaviour" in str(refusal.value.remedy)


def test_matrix_of_other_migrations_goes_where_it_is_told(clinic: Path) -> None:
    words = ("behaviour", "--migrations", "migrations")
    refused = schemaproof(clinic, *words)
    assert (refused.returncode, "--output FILE" in refused.stderr) == (2, True), refused.stderr
    done = schemaproof(clinic, *words, "--output", "matrix.json")
    assert (done.returncode, "wrote matrix.json" in done.stderr) == (0, True), done.stderr
    assert read_cells(clinic / "matrix.json")["public.visits"]["anon"]["select"] == "42501"


def test_schema_without_tenants_has_no_matrix(tmp_path: Path) -> None:
    (tmp_path / "1_t.sql").write_text("create table t (id int primary key);\n")
    words = ("--migrations", "1_t.sql", "--platform", "plain", "--output", "matrix.json")
    done = schemaproof(tmp_path, "behaviour", *words)
    assert (done.returncode, "no tenants" in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    assert not (tmp_path / "matrix.json").exists()
