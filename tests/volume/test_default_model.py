"""A schema without a model gets one: whatever its keys and checks ask for, the load proves that it is met."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemaproof.database import Database, unique_name
from schemaproof.server import Server
from schemaproof.session import Session
from schemaproof.volume import default_model, load

MIXED = """
    create table public.countries (code text primary key check (code ~ '^[A-Z]{2}$'), name text not null);
    insert into public.countries values ('DE', 'Germany'), ('FR', 'France');
    create table public.companies (
        company_id bigint generated always as identity primary key,
        country text not null references public.countries
    );
    create table public.people (
        company_id bigint not null references public.companies,
        person_id uuid not null default gen_random_uuid(),
        phone text not null check (phone ~ '^\\+[1-9][0-9]{9,14}$'),
        born date,
        boss_id uuid,
        primary key (company_id, person_id),
        unique (company_id, phone),
        foreign key (company_id, boss_id) references public.people (company_id, person_id)
    );
    create table public.teams (
        company_id bigint not null references public.companies,
        team_id integer not null,
        name text not null unique,
        primary key (company_id, team_id)
    );
    create table public.tasks (
        company_id bigint not null,
        task_id uuid primary key,
        person_id uuid not null,
        team_id integer,
        state text not null check (state in ('open', 'done')),
        done_at timestamptz,
        check ((state = 'done') = (done_at is not null)),
        foreign key (company_id, person_id) references public.people (company_id, person_id),
        foreign key (company_id, team_id) references public.teams (company_id, team_id)
    );
    create table public.settings (single boolean primary key default true check (single), colour text not null);
"""


@pytest.fixture(scope="module")
def mixed(supabase_server: Server) -> Any:
    made = Database.create(supabase_server, unique_name("mixed"))
    with made.connect() as connection:
        connection.execute(MIXED)
    yield made
    made.drop()


@pytest.fixture
def clone(mixed: Database) -> Any:
    made = []

    def make() -> Database:
        made.append(Database.create(mixed.server, unique_name("mixed"), template=mixed.name))
        return made[-1]

    yield make
    for each in made:
        each.drop()


def test_any_schema_is_filled_by_the_catalogue_alone(clone: Callable[[], Database]) -> None:
    with clone().connect() as connection:
        model = default_model(connection, ["public"])
    assert model.main == "public.tasks"
    database = clone()
    loaded = load(database, model, "10k")
    assert loaded.rows["public.tasks"] == 10_000
    assert loaded.rows["public.people"] == 1_000
    assert loaded.rows["public.settings"] == 1
    assert "public.countries" not in loaded.rows
    with database.connect() as connection:
        query = """
            select count(team_id) > 0, count(distinct state), count(distinct company_id) > 50
            from public.tasks join public.people using (company_id, person_id)
        """
        assert connection.execute(query).fetchone() == (True, 2, True)


def test_default_model_is_the_same_each_time(clone: Callable[[], Database]) -> None:
    models = []
    for _ in range(2):
        with clone().connect() as connection:
            models.append(default_model(connection, ["public"]))
    assert models[0].tables == models[1].tables
    assert models[0].main == models[1].main


def test_session_of_a_project_without_a_model_loads_all_the_same(
    clinic: Path, session_of: Callable[[Path], Session]
) -> None:
    session = session_of(clinic)
    first, second = session.loaded("tiny"), session.loaded("tiny")
    with second.connect() as connection:
        query = """
            select count(*), count(distinct clinic_id)
            from public.visits join public.patients using (clinic_id, patient_id)
        """
        assert connection.execute(query).fetchone() == (1_000, 10)
    assert first.name != second.name
