"""The emulated vector: values, distances and indexes as pgvector has them."""

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.platform import Unseen
from tests.platform.statements import sqlstate, value


@pytest.fixture
def postgres(migrator: psycopg.Connection) -> psycopg.Connection:
    """The migration role, with the extension and a table."""
    migrator.execute("create extension vector with schema extensions")
    migrator.execute("create table public.documents (id int, embedding vector(3), half halfvec(3), free vector)")
    return migrator


def test_value_comes_back_as_pgvector_writes_it(postgres: psycopg.Connection) -> None:
    postgres.execute("insert into documents values (1, '[1, 2.50,-3e2]', '[1,2,3]', array[1, 2]::vector)")
    row = postgres.execute(
        "select embedding::text, half::text, free::text, embedding::real[] from documents"
    ).fetchone()
    assert row == ("[1,2.5,-300]", "[1,2,3]", "[1,2]", [1, 2.5, -300])


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("[1,2]", "22000"),
        ("[1,2,3,4]", "22000"),
        ("[]", "22000"),
        ("abc", "22P02"),
        ("[1,2,x]", "22P02"),
        ("[1,2,1e50]", "22003"),
    ],
)
def test_value_that_pgvector_refuses_is_refused(postgres: psycopg.Connection, text: str, state: str) -> None:
    assert sqlstate(postgres, f"insert into documents (embedding) values ('{text}')") == state


def test_array_with_nulls_nan_or_too_much_for_half_precision_is_refused(postgres: psycopg.Connection) -> None:
    assert sqlstate(postgres, "select array[1, null, 3]::vector") == "22004"
    assert sqlstate(postgres, "select array['NaN'::real]::vector") == "22000"
    assert sqlstate(postgres, "select array[[1], [2]]::vector") == "22000"
    assert sqlstate(postgres, "select array[70000]::halfvec") == "22003"


@pytest.mark.parametrize("kind", ["vector", "halfvec"])
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'[1,2]'::{} <-> '[4,6]'", 5),
        ("'[1,2]'::{} <#> '[3,4]'", -11),
        ("'[1,0]'::{} <=> '[0,2]'", 1),
        ("'[2,0]'::{} <=> '[5,0]'", 0),
        ("'[1,2]'::{} <+> '[4,0]'", 5),
        ("l2_distance('[1,2]'::{}, '[4,6]')", 5),
        ("inner_product('[1,2]'::{}, '[3,4]')", 11),
        ("cosine_distance('[1,0]'::{}, '[0,2]')", 1),
        ("vector_dims('[1,2,3]'::{})", 3),
        ("('[1,2]'::{} + '[3,4]')::text", "[4,6]"),
        ("('[1,2]'::{} - '[3,5]')::text", "[-2,-3]"),
        ("('[1,2]'::{} * '[3,4]')::text", "[3,8]"),
        ("('[1,2]'::{} || '[3]')::text", "[1,2,3]"),
        ("l2_normalize('[3,4]'::{})::text", "[0.6,0.8]"),
        ("subvector('[1,2,3,4]'::{}, 2, 2)::text", "[2,3]"),
        ("binary_quantize('[1,-1,0]'::{})::text", "100"),
        ("(select avg(v)::text from (values ('[1,2]'::{}), ('[3,6]')) as t (v))", "[2,4]"),
        ("(select sum(v)::text from (values ('[1,2]'::{}), ('[3,6]')) as t (v))", "[4,8]"),
        ("'[1.0,2]'::{} = '[1, 2]'", True),
        ("'[1,2]'::{} < '[1,2,0]'", True),
    ],
)
def test_calculation_gives_what_pgvector_documents(
    postgres: psycopg.Connection, kind: str, expression: str, expected: object
) -> None:
    assert value(postgres, f"select {expression.format(kind)}") == expected


def test_vectors_of_different_dimensions_have_no_distance(postgres: psycopg.Connection) -> None:
    assert sqlstate(postgres, "select '[1,2]'::vector <-> '[1,2,3]'") == "22000"
    assert sqlstate(postgres, "select '[1,2]'::vector + '[1,2,3]'") == "22000"


def test_zero_vector_has_no_angle(postgres: psycopg.Connection) -> None:
    assert value(postgres, "select ('[0,0]'::vector <=> '[1,0]')::text") == "NaN"


def test_bit_strings_have_distances(postgres: psycopg.Connection) -> None:
    assert value(postgres, "select b'1100' <~> b'1010'") == 2
    assert value(postgres, "select b'1100' <%%> b'1000'") == 0.5


def test_search_function_finds_the_nearest_row_though_the_index_orders_nothing(postgres: psycopg.Connection) -> None:
    postgres.execute("create index on documents using hnsw (embedding vector_cosine_ops)")
    postgres.execute("insert into documents (id, embedding) select g, array[g, 10, 1] from generate_series(1, 50) as g")
    postgres.execute(
        "create function nearest(query vector(3), many int) returns setof int language sql stable as $$"
        " select id from documents where 1 - (embedding <=> query) > 0.5 order by embedding <=> query limit many $$"
    )
    assert postgres.execute("select nearest('[20,10,1]', 3)").fetchall() == [(20,), (21,), (19,)]


@pytest.mark.parametrize(
    ("index", "state"),
    [
        ("hnsw (embedding vector_l2_ops)", None),
        ("hnsw (embedding vector_l1_ops) where id > 1", None),
        ("ivfflat (embedding)", None),
        ("ivfflat (embedding vector_ip_ops)", None),
        ("hnsw ((free::vector(3)) vector_l2_ops)", None),
        ("hnsw ((embedding::halfvec(3)) halfvec_cosine_ops)", None),
        ("hnsw ((binary_quantize(embedding)::bit(3)) bit_hamming_ops)", None),
        ("hnsw (embedding)", "42704"),
        ("hnsw (free vector_l2_ops)", "22023"),
        ("hnsw ((l2_normalize(embedding)) vector_l2_ops)", "22023"),
        ("hnsw ((free::vector(2001)) vector_l2_ops)", "54000"),
        ("hnsw ((free::halfvec(2001)) halfvec_l2_ops)", None),
        ("ivfflat (embedding vector_l1_ops)", "42704"),
    ],
)
def test_index_is_made_or_refused_as_by_pgvector(postgres: psycopg.Connection, index: str, state: str | None) -> None:
    assert sqlstate(postgres, f"create index on documents using {index}") == state


@pytest.mark.parametrize(
    ("index", "state"),
    [
        ("hnsw (embedding vector_l2_ops) with (m = 16, ef_construction = 64)", None),
        ("hnsw (embedding vector_l2_ops) WITH (m='16')", None),
        ("ivfflat ((free::vector(3)) vector_l2_ops) with (lists = 100) where id > 1", None),
        ("hnsw (embedding vector_l2_ops) with (m = 1)", "22023"),
        ("hnsw (embedding vector_l2_ops) with (lists = 100)", "22023"),
        ("ivfflat (embedding) with (lists = many)", "22023"),
    ],
)
def test_options_of_an_index_are_checked(postgres: psycopg.Connection, index: str, state: str | None) -> None:
    statement = f"create index on documents using {index}"
    assert sqlstate(postgres, statement) == "22023", "PostgreSQL knows none of them"
    assert sqlstate(postgres, Unseen.of(postgres).adapted(statement)) == state


def test_index_with_options_is_made_in_a_block(postgres: psycopg.Connection) -> None:
    make = "create index on documents using {} with ({})"
    body = (
        f"{make.format('hnsw (embedding vector_l2_ops)', 'm = 8')}; {make.format('ivfflat (embedding)', 'lists = 9')}"
    )
    assert sqlstate(postgres, Unseen.of(postgres).adapted(f"do $$ begin {body}; end $$")) is None
    assert value(postgres, "select count(*) from pg_index where indrelid = 'documents'::regclass") == 2


def test_column_with_an_index_is_rebuilt_when_its_type_changes(postgres: psycopg.Connection) -> None:
    statement = "create index on documents using hnsw (embedding vector_l2_ops) with (m = 16)"
    postgres.execute(Unseen.of(postgres).adapted(statement))
    assert sqlstate(postgres, "alter table documents alter embedding type halfvec(3)") == "42804"
    assert sqlstate(postgres, "alter table documents alter embedding type vector(4) using null") is None


def test_settings_of_the_search_go_into_a_function(postgres: psycopg.Connection) -> None:
    assert sqlstate(postgres, "set hnsw.ef_search = 100; set ivfflat.probes = 10") is None
    body = "create function f() returns int language sql set hnsw.ef_search = 100 return 1"
    assert sqlstate(postgres, body) is None


def test_extension_moves_to_another_schema_and_is_dropped_whole(postgres: psycopg.Connection) -> None:
    postgres.execute("insert into documents (id, embedding) values (1, '[1,2,3]')")
    postgres.execute("alter extension vector set schema public")
    assert value(postgres, "select embedding <-> '[1,2,3]' from documents") == 0
    postgres.execute("drop extension vector cascade")
    assert value(postgres, "select count(*) from pg_am where amname in ('hnsw', 'ivfflat')") == 0
    assert sqlstate(postgres, "create index on documents (id)") is None


def test_index_is_built_concurrently(database: Database) -> None:
    with database.connect(role="postgres") as connection:
        connection.execute("create extension vector; create table public.documents (embedding vector(3))")
        connection.execute("create index concurrently i on documents using hnsw (embedding vector_l2_ops)")
        assert value(connection, "select indisvalid from pg_index where indexrelid = 'i'::regclass") is True
