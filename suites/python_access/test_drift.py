"""The models are what the migrations make, object by object, and whatever a migration changes is noticed."""

from collections.abc import Iterator

import pytest

from messaging_schema import Base
from schema.python.generate import PACKAGE, generate
from schemaproof.catalogue import Catalogue, ObjectKey, compare, render
from schemaproof.database import Database
from schemaproof.session import Session
from suites.dictionary.declared import table, tables
from suites.python_access.shapes import KINDS, TABLES, make_tables, shape

pytestmark = pytest.mark.req("1.4")

_CHANGES = {
    "alter table public.tenants alter name type varchar(200)": ("column", "public.tenants.name"),
    "alter table public.tenants alter name drop not null": ("column", "public.tenants.name"),
    "alter table public.tenants alter name set default 'x'": ("column", "public.tenants.name"),
    "alter table public.tenants alter tenant_id drop default": ("column", "public.tenants.tenant_id"),
    "alter table public.tenants add plan text": ("column", "public.tenants.plan"),
    "alter table public.tenants add number bigint generated always as identity": ("column", "public.tenants.number"),
    "alter table public.tenants add long text generated always as (name || name) stored": (
        "column",
        "public.tenants.long",
    ),
    "alter table public.webhook_attempts drop duration_ms cascade": ("column", "public.webhook_attempts.duration_ms"),
    "alter table public.tenants drop constraint tenant_id_is_not_nil": (
        "constraint",
        "public.tenants.tenant_id_is_not_nil",
    ),
    "alter table public.tenants add unique (name)": ("constraint", "public.tenants.tenants_name_key"),
    """
    alter table public.slack_connections drop constraint status_is_known;
    alter table public.slack_connections add constraint status_is_known check (status in ('active', 'revoked'))
    """: ("constraint", "public.slack_connections.status_is_known"),
    """
    alter table public.webhook_attempts drop constraint webhook_attempts_tenants_fkey;
    alter table public.webhook_attempts add constraint webhook_attempts_tenants_fkey
        foreign key (tenant_id) references public.tenants (tenant_id) on delete restrict on update restrict
    """: ("constraint", "public.webhook_attempts.webhook_attempts_tenants_fkey"),
    "alter table public.webhook_attempts alter constraint webhook_attempts_tenants_fkey deferrable": (
        "constraint",
        "public.webhook_attempts.webhook_attempts_tenants_fkey",
    ),
    "drop index public.slack_user_mappings_metadata_idx": ("index", "public.slack_user_mappings_metadata_idx"),
    "create index extra_idx on public.tenants (name)": ("index", "public.extra_idx"),
    """
    drop index public.slack_user_mappings_created_at_idx;
    create index slack_user_mappings_created_at_idx on public.slack_user_mappings (tenant_id, created_at)
    """: ("index", "public.slack_user_mappings_created_at_idx"),
    """
    alter domain public.e164 drop constraint e164_is_a_plus_and_2_to_15_digits;
    alter domain public.e164 add constraint e164_is_a_plus_and_2_to_15_digits check (value ~ '^[+]')
    """: ("constraint", "public.e164.e164_is_a_plus_and_2_to_15_digits"),
}


@pytest.fixture(scope="module")
def modelled(schemaproof_session: Session) -> Iterator[Catalogue]:
    """What the models would make."""
    with schemaproof_session.scratch(schemaproof_session.base) as database:
        make_tables(database)
        yield shape(database)


def test_tables_that_the_models_would_make_are_those_of_the_migrations(
    modelled: Catalogue, schemaproof_session: Session
) -> None:
    with schemaproof_session.scratch(schemaproof_session.fresh) as database:
        migrated = shape(database)
    assert {key.kind for key in migrated.objects} == set(KINDS)
    differences = compare(migrated, modelled)
    assert not differences, render(differences)


def test_each_declared_table_of_the_api_has_a_model() -> None:
    assert {f"public.{each.name}" for each in TABLES} == {name for name in tables() if name.startswith("public.")}
    for each in TABLES:
        assert list(each.columns.keys()) == list(table(f"public.{each.name}").columns)


@pytest.mark.parametrize(("change", "place"), _CHANGES.items(), ids=lambda value: " ".join(str(value).split())[:70])
def test_change_that_the_models_lack_is_a_difference(
    modelled: Catalogue, fresh_db: Database, change: str, place: tuple[str, str]
) -> None:
    with fresh_db.connect() as connection:
        connection.execute(change.encode())
    assert ObjectKey(*place) in {difference.key for difference in compare(shape(fresh_db), modelled)}


def test_committed_modules_are_what_is_generated(fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        generated = generate(connection)
    committed = {path.relative_to(PACKAGE) for path in (PACKAGE / "models").glob("*.py")}
    assert committed == {path for path in generated if path.parts[0] == "models"}
    for path, source in generated.items():
        assert (PACKAGE / path).read_text(encoding="utf-8") == source, "run python -m suites.python_access.renew"


@pytest.mark.parametrize(
    "change",
    [
        "comment on column public.tenants.name is 'Another.'",
        "grant select (bot_token_ciphertext) on public.slack_connections to authenticated",
        "create or replace view public.job_health with (security_invoker = true) as "
        "select *, 1 as one from private.job_states()",
        "create function public.f(one uuid, two text default 'x') returns uuid language sql as 'select one'",
        "create function public.f() returns setof public.tenants language sql as 'select * from public.tenants'",
        "create table public.notes (note_id uuid constraint notes_pkey primary key, deleted_at timestamptz)",
        "alter domain public.e164 rename constraint e164_is_a_plus_and_2_to_15_digits to other",
    ],
)
def test_change_of_what_is_no_tables_gives_other_modules(fresh_db: Database, change: str) -> None:
    with fresh_db.connect() as connection:
        before = generate(connection)
        connection.execute(change.encode())
        assert generate(connection) != before


@pytest.mark.parametrize(
    "change",
    [
        "alter table public.tenants add number bigint generated always as identity",
        "alter table public.tenants add exclude using btree (name with =)",
        "create index extra_idx on public.tenants (lower(name))",
        "create index extra_idx on public.tenants (name) include (created_at)",
        "create index extra_idx on public.tenants (name desc)",
        "create materialized view public.names as select name from public.tenants",
    ],
)
def test_form_that_the_generator_does_not_know_is_refused(fresh_db: Database, change: str) -> None:
    with fresh_db.connect() as connection:
        connection.execute(change.encode())
        with pytest.raises(NotImplementedError):
            generate(connection)


def test_models_hold_nothing_of_private_but_the_key_that_is_referred_to() -> None:
    private = [each for each in Base.metadata.sorted_tables if each.schema == "private"]
    assert [(each.name, list(each.columns.keys())) for each in private] == [("encryption_keys", ["key_version"])]
