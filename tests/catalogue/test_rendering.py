"""What compare() reports can be read by a person."""

import pytest

from schemaproof.catalogue import Catalogue, Json, ObjectKey, compare, render
from schemaproof.catalogue.grants import Grant, spell_out

TABLE = ObjectKey("table", "app.tenants")


def rendered(before: dict[str, Json] | None, after: dict[str, Json] | None, *, key: ObjectKey = TABLE) -> list[str]:
    sides = [Catalogue({} if side is None else {key: side}) for side in (before, after)]
    return render(compare(*sides)).splitlines()


def test_nothing_is_said_of_equal_catalogues() -> None:
    assert render(compare(Catalogue({TABLE: {"owner": "a"}}), Catalogue({TABLE: {"owner": "a"}}))) == ""


def test_changed_value_is_shown_before_and_after() -> None:
    assert rendered({"row_security": True}, {"row_security": False}) == [
        "~ table app.tenants",
        "    row_security:",
        "      - yes",
        "      + no",
    ]


def test_property_that_came_or_went_is_shown_as_none() -> None:
    assert rendered({}, {"comment": "All."})[-2:] == ["      - (none)", "      + All."]
    assert rendered({"comment": "All."}, {})[-2:] == ["      - All.", "      + (none)"]


def test_grants_are_shown_one_by_one() -> None:
    before: list[Json] = ["DELETE to anon by a", "INSERT to anon by a", "SELECT to anon by a"]
    after: list[Json] = ["INSERT to anon by a", "SELECT to anon by a", "UPDATE to anon by a"]
    lines = rendered({"grants": before}, {"grants": after})
    assert lines[2:] == ["      -DELETE to anon by a", "      +UPDATE to anon by a"]


def test_bodies_are_shown_as_line_differences_with_context() -> None:
    key = ObjectKey("function", "app.touch()")
    before = "\n".join(["begin", *(f"    step {n};" for n in range(9)), "end"])
    lines = rendered({"body": before}, {"body": before.replace("step 5", "step five")}, key=key)
    assert [line for line in lines if line.strip()[0] in "+-"] == ["      -    step 5;", "      +    step five;"]
    assert len(lines) < 10


def test_added_object_is_told_by_what_defines_it() -> None:
    lines = rendered(None, {"schema": "app", "using": "true", "check": None, "permissive": True, "roles": ["anon"]})
    assert lines[0] == "+ table app.tenants"
    assert "    using: true" in lines
    assert not any("schema" in line or "check" in line for line in lines)


@pytest.mark.parametrize("change", ["added", "removed", "changed"])
def test_lines_keep_within_80_columns(change: str) -> None:
    text = " and ".join(f"(column_{n} is not null)" for n in range(30))
    before: dict[str, Json] | None = None if change == "added" else {"using": text}
    after: dict[str, Json] | None = None if change == "removed" else {"using": text.replace("_3 ", "_three ")}
    assert max(map(len, rendered(before, after))) <= 80


def test_columns_differ_by_their_order_alone() -> None:
    assert rendered({"columns": ["a", "b", "c"]}, {"columns": ["a", "c", "d"]}) == []
    assert rendered({"columns": ["a", "b", "c"]}, {"columns": ["a", "c", "b"]})[1] == "    columns:"


def test_access_control_list_is_spelled_out() -> None:
    assert spell_out(('"odd/=role"=r*w/"a b"', "=X/owner")) == (
        "EXECUTE to public by owner",
        'SELECT to "odd/=role" by "a b" with grant option',
        'UPDATE to "odd/=role" by "a b"',
    )


def test_sentence_of_a_grant_is_read_back_whatever_the_names() -> None:
    sentences = spell_out(('"a to ""b"" by c"=r*w/"a b"', "=X/owner"))
    assert [Grant.of(each) for each in sentences] == [
        Grant("EXECUTE", "public", "owner"),
        Grant("SELECT", 'a to "b" by c', "a b", is_grantable=True),
        Grant("UPDATE", 'a to "b" by c', "a b"),
    ]
