"""CHECK constraints of many kinds: values mined from them, judged by the server."""

from collections.abc import Callable

import pytest

from schemaproof.rows import Filling

COLUMNS = {
    "in_list": "a text not null check (a in ('draft', 'sent', 'paid'))",
    "any_array": "a text not null check (a = any (array['x', 'y']))",
    "any_literal": "a text not null check (a = any ('{\"x y\",z}'::text[]))",
    "between": "a int not null check (a between 3 and 7)",
    "percent": "a numeric(5, 2) not null check (a > 0 and a <= 100)",
    "negative": "a int not null check (a < -5)",
    "float": "a float8 not null check (a >= 0.25 and a <= 0.5)",
    "length": "a text not null check (char_length(a) between 20 and 24)",
    "exact_length": "a text not null check (length(a) = 64)",
    "octets": "a bytea not null check (octet_length(a) = 32)",
    "prefix": "a bytea not null check (substring(a from 1 for 1) = '\\x01'::bytea and octet_length(a) >= 20)",
    "e164": "a text not null check (a ~ '^\\+[1-9][0-9]{6,14}$')",
    "slug": "a text not null check (a ~ '^[a-z0-9-]{3,40}$')",
    "email": "a text not null check (a ~* '^[A-Z0-9._%+-]+@[A-Z0-9.-]+\\.[A-Z]{2,}$')",
    "hex": "a text not null check (length(a) = 16 and a ~ '^[0-9a-fA-F]+$')",
    "two_patterns": "a text not null check (a ~ '^[a-z]' and a !~ '--' and a ~ '[0-9]$')",
    "semver": "a text not null check (a ~ '^\\d+\\.\\d+\\.\\d+(-[[:alnum:].]+)?$')",
    "like": "a text not null check (a like 'https://%')",
    "lower": "a text not null check (a = lower(a) and a <> '')",
    "upper": "a text not null check (a = upper(a))",
    "trimmed": "a text not null check (a = btrim(a) and length(a) > 0)",
    "order": "a timestamptz not null, b timestamptz not null, check (a < b)",
    "order_of_numbers": "a int not null, b int not null, check (a < b)",
    "order_of_dates": "a date not null, b date not null, c date not null, check (a < b and b < c)",
    "one_of": "a int, b int, c text, check (num_nonnulls(a, b, c) = 1)",
    "object": "a jsonb not null check (jsonb_typeof(a) = 'object')",
    "array": "a jsonb not null check (jsonb_typeof(a) = 'array')",
    "key": "a jsonb not null check (a ? 'kind' and a ->> 'kind' in ('x', 'y'))",
    "implication": "a text, b int, check (a is null or b > 0)",
    "state": "s text not null default 'open' check (s in ('open', 'done')), d timestamptz, "
    "check ((s = 'done') = (d is not null))",
    "cardinality": "a text[] not null check (cardinality(a) between 1 and 3)",
    "members": "a text[] not null check (a <@ array['read', 'write'] and a <> '{}')",
    "product": "a int not null, b int not null check (b < 10), c bigint not null, check (c = a::bigint * b)",
    "concatenation": "a text not null, b text not null, c text not null, check (c = a || '-' || b)",
    "future": "a timestamptz not null check (a > '2030-01-01')",
    "first_of_month": "a date not null check (a = date_trunc('month', a)::date)",
    "range": "a tstzrange not null check (not isempty(a) and lower(a) is not null)",
    "first_by_extract": "a date not null check (extract(day from a) = 1), unique (a)",
    "one_flag": "a bool not null default false, b bool not null default false, c bool not null default false, "
    "d bool not null default false, e bool not null default false, check ((a and not b and not c and not d and not e)"
    " or (not a and b and not c and not d and not e) or (a = false and b = false and c = true and not d and not e))",
    "alternatives": "k text not null check (k in ('a', 'b', 'c')), x int, y int, z int, "
    "check ((k = 'a' and x is not null and y is null and z is null) "
    "or (k = 'b' and x is null and z is null) or (k = 'c' and x is null and y is null))",
    "function": "a text not null check (private.is_mail(a))",
}


@pytest.mark.parametrize("name", COLUMNS)
def test_check_is_met(filled: Callable[..., Filling], name: str) -> None:
    filling = filled(
        """
        create schema private;
        create function private.is_mail(text) returns bool immutable language sql as $$ select $1 like '%_@_%._%' $$;
        """
        f"create table t (id int primary key, {COLUMNS[name]})"
    )
    assert filling.unfilled == ()
    assert len(filling.of("public.t")) == 4


def test_every_value_of_a_list_appears(filled: Callable[..., Filling]) -> None:
    filling = filled("create table t (id int primary key, a text not null check (a in ('x', 'y', 'z')))", rows=3)
    assert {row.values["a"] for row in filling.of("public.t", "A")} == {"x", "y", "z"}


def test_domain_on_a_domain_is_met(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create domain code as text check (value ~ '^[A-Z]{2}');
        create domain long_code as code not null check (length(value) = 9);
        create table t (id int primary key, a long_code, b long_code[] not null);
        """
    )
    assert (len(filling.of("public.t")), filling.unfilled) == (4, ())


def test_unsatisfiable_check_is_reported_by_name(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table t (id int primary key, n int not null, constraint n_is_two_things check (n > 5 and n < 3));
        create table child (id int primary key, t_id int not null constraint child_t_fkey references t);
        create table other (id int primary key);
        """
    )
    found = {(item.relation, item.world, item.name, item.sqlstate) for item in filling.unfilled}
    assert found == {
        ("public.t", "A", "n_is_two_things", "23514"),
        ("public.t", "B", "n_is_two_things", "23514"),
        ("public.child", "A", "child_t_fkey", "23503"),
        ("public.child", "B", "child_t_fkey", "23503"),
    }
    told = next(item for item in filling.unfilled if item.relation == "public.t")
    assert "(n > 5)" in told.definition
    assert "n" in told.tried
    assert len(filling.of("public.other")) == 4


def test_check_that_raises_is_reported_and_goes_on(filled: Callable[..., Filling]) -> None:
    filling = filled(
        "create table t (id int primary key, n int not null check (1 / (n - n) > 0)); create table u (id int)"
    )
    assert {(item.relation, item.sqlstate) for item in filling.unfilled} == {("public.t", "22012")}
    assert len(filling.of("public.u")) == 4
