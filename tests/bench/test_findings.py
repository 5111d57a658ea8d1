"""Each thing that the bench is for is found, at its file and line; a healthy catalogue has no findings."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemaproof.bench import bench_schema
from schemaproof.errors import UsageError

Ran = Callable[..., dict[str, Any]]


def _write(project: Path, text: str, name: str = "asked") -> Path:
    path = project / "benchmarks" / "queries" / f"{name}.sql"
    path.write_text(text)
    return path


def _migrate(project: Path, text: str) -> None:
    (project / "migrations" / "5_change.sql").write_text(text)
    (project / "rollbacks" / "5_change.sql").write_text("select 'not run here';")


def _errors(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [found for found in document["findings"] if found["level"] == "error"]


def _only_error(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = _errors(document)
    assert document["verdict"] == "findings"
    return found


def test_healthy_catalogue_is_clean_and_its_document_valid(project: Path, ran: Ran) -> None:
    document = ran(project, profiles=("tiny", "10k"))
    jsonschema.Draft202012Validator(bench_schema()).validate(document)
    assert document["verdict"] == "clean", document["findings"]
    assert [found["check"] for found in document["findings"]] == ["baseline"]  # there is none yet, a warning
    assert [profile["name"] for profile in document["profiles"]] == ["tiny", "10k"]
    assert document["judged"] == "10k"
    verdicts = {index["name"]: index["verdict"] for index in document["indexes"]}
    assert verdicts == {
        "clinics_pkey": "constraint",
        "patients_pkey": "constraint",
        "visits_pkey": "constraint",
        "patients_seen_at_idx": "needed",
        "patients_attributes_idx": "needed",
        "visits_patient_id_idx": "needed",
    }


def test_matrix_has_a_row_for_each_query_role_size_mode_and_profile(project: Path, ran: Ran) -> None:
    document = ran(project, profiles=("tiny", "10k"))
    rows = {(row["query"], row["size"], row["mode"], row["profile"]) for row in document["measurements"]}
    expected = {
        ("patients_of_late", "patients_found"): ("small", "largest", "missing"),
        ("discharge",): ("small", "largest"),
    }
    assert rows == {
        (query, size, mode, profile)
        for queries, sizes in expected.items()
        for query in queries
        for size in sizes
        for mode in ("custom", "generic")
        for profile in ("tiny", "10k")
    }
    (late,) = [
        row
        for row in document["measurements"]
        if (row["query"], row["size"], row["mode"], row["profile"]) == ("patients_of_late", "largest", "custom", "10k")
    ]
    assert late["rows"] > 0
    assert late["claim_reads"] == 1
    assert late["plan"]["Plans"]
    assert late["indexes"][0]["name"] == "patients_seen_at_idx"


def test_plan_that_a_nudge_of_the_costs_flips_is_a_tie(project: Path, ran: Ran) -> None:
    path = project / "benchmarks" / "queries" / "patients_of_late.sql"
    path.write_text(path.read_text().replace("limit 20", ""))
    found = {(row["query"], row["tie"]) for row in ran(project)["measurements"] if row["size"] == "largest"}
    assert ("patients_of_late", True) in found
    assert ("patients_found", True) not in found


def test_growth_is_told_over_the_profiles(project: Path, ran: Ran) -> None:
    _write(project, "-- role: authenticated\n-- tenant: public.patients\nselect count(name) from public.patients")
    document = ran(project, profiles=("10k", "tiny"))  # in whatever order they are given
    found = {(each["query"], each["size"]): each for each in document["growth"]}
    assert found["discharge", "small"]["class"] in ("flat", "growing")
    assert found["patients_of_late", "largest"]["class"] == "flat"
    counted = found["asked", "largest"]
    assert counted["points"][0]["rows"] < counted["points"][1]["rows"]
    assert counted["class"] in ("growing", "linear")


def test_dropped_index_fails_and_names_the_query_that_needed_it(project: Path, ran: Ran) -> None:
    _migrate(project, "drop index public.patients_seen_at_idx;")
    document = ran(project)
    missing, *broken = _errors(document)
    assert missing["summary"] == "patients_of_late needs the index patients_seen_at_idx, which is not there"
    assert (missing["file"], missing["line"]) == ("benchmarks/queries/patients_of_late.sql", 6)
    assert {found["check"] for found in broken} == {"plans"}
    assert any("does not use patients_seen_at_idx, but" in found["detail"] for found in broken)


def test_index_that_no_query_needs_is_told_at_its_migration(project: Path, ran: Ran) -> None:
    _migrate(project, "-- Wanted by nobody.\ncreate index patients_name_idx on public.patients (clinic_id, name);")
    found = _only_error(ran(project))
    assert (found["check"], found["object"]) == ("necessity", "public.patients_name_idx")
    assert (found["file"], found["line"]) == ("migrations/5_change.sql", 2)


def test_index_that_another_begins_with_is_redundant(project: Path, ran: Ran) -> None:
    _migrate(project, "create index visits_clinic_id_idx on public.visits (clinic_id, patient_id, visit_id);")
    document = ran(project)
    (found,) = [each for each in document["findings"] if each["check"] == "redundant"]
    assert found["summary"].startswith("visits_patient_id_idx begins as visits_clinic_id_idx does")


def test_foreign_key_without_an_index_is_told(project: Path, ran: Ran) -> None:
    _migrate(project, "drop index public.visits_patient_id_idx;")
    (project / "benchmarks" / "queries" / "discharge.sql").unlink()
    found = _only_error(ran(project))
    assert (found["check"], found["object"]) == ("foreign_keys", "public.visits")
    assert "Make an index on public.visits (clinic_id, patient_id)." in found["remedy"]


def test_condition_that_a_policy_keeps_from_an_index_is_told(project: Path, ran: Ran) -> None:
    (project / "benchmarks" / "queries" / "patients_found.sql").unlink()
    _write(
        project,
        "-- role: authenticated, service_role\n-- tenant: public.patients\n-- plans: custom\n"
        "-- param attributes: select attributes from public.patients where clinic_id = :tenant limit 1\n"
        "select * from public.patients where attributes @> :attributes",
    )
    _migrate(project, "drop function public.find_patients(jsonb); grant select on public.patients to service_role;")
    found = [each for each in ran(project)["findings"] if each["check"] == "leakproof"]
    assert {each["level"] for each in found} == {"error"}
    assert "row-level security keeps authenticated from patients_attributes_idx" in found[0]["summary"]


def test_policy_that_reads_the_claims_for_each_row_breaks_the_limit(project: Path, ran: Ran) -> None:
    _migrate(
        project,
        "alter policy select_member on public.patients\n"
        "using (clinic_id::text = current_setting('request.jwt.claims', true)::json ->> 'clinic');",
    )
    document = ran(project, only=("patients_of_late",))
    assert "claims read at most 2 times" in " ".join(found["summary"] for found in _errors(document))


def test_need_that_is_none_is_told(project: Path, ran: Ran) -> None:
    path = project / "benchmarks" / "queries" / "patients_of_late.sql"
    path.write_text(path.read_text().replace("needs: patients_seen_at_idx 2", "needs: patients_seen_at_idx 10000"))
    found = _only_error(ran(project))
    assert (found["check"], found["line"]) == ("necessity", 7)
    assert "without it:" in found["detail"]


@pytest.mark.parametrize(
    ("index", "only", "told"),
    [
        ("patients_attributes_idx", (), "but does not use it"),
        ("patients_attributes_idx", ("patients_of_late",), "but does not use it"),
        ("patients_pkey", (), "but that is a constraint's"),
    ],
)
def test_need_that_cannot_be_told_is_told(
    project: Path, ran: Ran, index: str, only: tuple[str, ...], told: str
) -> None:
    path = project / "benchmarks" / "queries" / "patients_of_late.sql"
    text = path.read_text().replace("needs: patients_seen_at_idx 2", f"needs: {index}")
    if index.endswith("_pkey"):
        text = "-- role: service_role\n-- tenant: public.patients\n-- needs: patients_pkey\n"
        text += "-- param patient: select min(patient_id::text) from public.patients where clinic_id = :tenant\n"
        text += "delete from public.patients where clinic_id = :tenant and patient_id = :patient"
        path = _write(project, text)
    path.write_text(text)
    found = [each for each in _errors(ran(project, only=only)) if each["object"] == path.stem]
    assert told in " ".join(each["summary"] for each in found if each["check"] == "necessity"), found


def test_sample_beside_a_profile_leaves_the_limits_on(project: Path, ran: Ran) -> None:
    path = project / "benchmarks" / "queries" / "patients_of_late.sql"
    path.write_text(path.read_text().replace("max_buffers: 30", "max_buffers: 1"))
    document = ran(project, profiles=("10k", "sample"), only=("patients_of_late",))
    assert ([each["name"] for each in document["profiles"]], document["judged"]) == (["sample", "10k"], "10k")
    assert "at most 1 buffers" in " ".join(found["summary"] for found in _errors(document))


@pytest.mark.parametrize(
    "definition",
    [
        "(clinic_id, name text_pattern_ops)",
        '(clinic_id, name collate "C")',
        "(clinic_id, name desc)",
        "(clinic_id, name) include (seen_at)",
    ],
)
def test_index_that_sorts_or_carries_otherwise_is_not_redundant(project: Path, ran: Ran, definition: str) -> None:
    _migrate(
        project,
        f"create index patients_a_idx on public.patients {definition};"
        "create index patients_b_idx on public.patients (clinic_id, name, patient_id);"
        "create index patients_c_idx on public.patients (clinic_id, name);",
    )
    found = [each for each in ran(project)["findings"] if each["check"] == "redundant"]
    assert [each["object"] for each in found] == ["public.patients_c_idx"]


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        ("-- role: service_role\n\nselect * from public.no_table", "fails for service_role", 3),
        ("-- role: anon\nselect * from public.patients", "fails for anon: permission denied", 2),
        ("-- role: service_role\nselect 1 where false", "returns nothing for service_role", 2),
        ("-- role: service_role\n-- returns: none\nselect 1", "returns 1 rows, though `returns` is none", 3),
        ("-- role: service_role\n-- refused: 23505\nselect 1", "is answered with success, not with 23505", 2),
        ("-- role: service_role\n-- uses: patients_seen_idx\nselect 1", "needs the index patients_seen_idx", 2),
    ],
)
def test_query_that_is_wrong_is_a_finding_at_its_line(project: Path, ran: Ran, text: str, told: str, line: int) -> None:
    _write(project, text)
    found = [each for each in _errors(ran(project)) if told in each["summary"]]
    assert [(each["file"], each["line"]) for each in found] == [("benchmarks/queries/asked.sql", line)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("-- role: authenticated\n-- tenant: public.patient\nselect 1", 2, "does not exist"),
        ("-- role: authenticated\n-- tenant: public.patients where name = ''\nselect 1", 2, "no tenant has such rows"),
        ("-- role: anon\n-- param a: select 1 where false\nselect :a", 2, "nothing gives :a"),
        ("-- role: anon\n-- param a: select nothing\nselect :a", 2, "does not exist"),
    ],
)
def test_values_that_cannot_be_sampled_end_the_run_by_file_and_line(
    project: Path, ran: Ran, text: str, line: int, message: str
) -> None:
    path = _write(project, text)
    with pytest.raises(UsageError) as refusal:
        ran(project)
    assert refusal.value.message.startswith(f"{path}:{line}: ")
    assert message in refusal.value.message


def test_schema_without_a_model_is_measured_on_its_sample_or_a_default_model(project: Path, ran: Ran) -> None:
    settings = project / "schemaproof.toml"
    settings.write_text(settings.read_text().replace('volume = "volume.toml"\n', ""))
    shutil.rmtree(project / "migrations")
    shutil.rmtree(project / "rollbacks")
    clinic = Path(__file__).parent.parent / "schemas" / "clinic"
    shutil.copytree(clinic / "migrations", project / "migrations")
    shutil.copytree(clinic / "rollbacks", project / "rollbacks")
    shutil.rmtree(project / "benchmarks")
    (project / "benchmarks" / "queries").mkdir(parents=True)
    _write(project, "-- role: authenticated\n-- tenant: public.patients\nselect * from public.patients")
    document = ran(project, profiles=("sample",))
    assert (document["verdict"], document["judged"]) == ("clean", "sample")
    document = ran(project, profiles=("tiny",))
    assert (document["profiles"][0]["model"], document["profiles"][0]["rows"]["public.patients"] > 0) == (None, True)
    assert {row["size"] for row in document["measurements"]} == {"small", "largest", "missing"}
