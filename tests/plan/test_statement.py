"""Named parameters are found where a statement has them, and nowhere else."""

import pytest

from schemaproof.plan import Statement


@pytest.mark.parametrize(
    ("text", "parameters", "numbered"),
    [
        ("select :a, :b, :a", ("a", "b"), "select $1, $2, $1"),
        ("select now()::date, x::text", (), "select now()::date, x::text"),
        ("select ':a', \":a\", $$:a$$, $x$:a$x$ -- :a", (), "select ':a', \":a\", $$:a$$, $x$:a$x$ -- :a"),
        ("select /* :a */ :b::uuid", ("b",), "select /* :a */ $1::uuid"),
        ("select a[1:2], f(x => :y)", ("y",), "select a[1:2], f(x => $1)"),
        ("select 'it''s :a', :b", ("b",), "select 'it''s :a', $1"),
    ],
)
def test_parameters_are_numbered_in_the_order_of_their_appearance(
    text: str, parameters: tuple[str, ...], numbered: str
) -> None:
    assert Statement(text).parameters == parameters
    assert Statement(text).numbered == numbered


def test_values_are_written_out_as_literals() -> None:
    assert Statement("select :a, :b").written_out({"a": "it's", "b": None}) == "select 'it''s', NULL"
