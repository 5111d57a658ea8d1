"""What a project shows to visitors beyond its migrations is found, by asking no more than a visitor may."""

from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.findings import Finding
from schemaproof.origins import Origins
from schemaproof.rest import (
    Client,
    Expectation,
    Project,
    Sight,
    client,
    compare_with_project,
    look,
    read_expectation,
)
from schemaproof.rest.comparison import Comparison
from schemaproof.results import Results, exit_code
from schemaproof.session import Session
from schemaproof.suppression import Exclusion
from tests.rest.imitation import KEY, Answering, Imitation, Reply, Request, closed_root, imitate

Deployed = Callable[..., Database]

# What somebody does by hand, and what is to be said of it: where the root lists what there is, and where it does not.
DRIFT = {
    "create table public.leads (email text)": ({"public.leads": "error"}, {}),
    "create table public.leads (email text); revoke all on public.leads from anon": ({}, {}),
    "grant select on public.notes to anon": (  # and so a view of it, which reads with the rights of who asks
        {"public.notes": "error", "public.note_bodies.body": "error"},
        {"public.notes": "error", "public.note_bodies.body": "error"},
    ),
    'grant select ("Odd, name") on public.notes to anon': ({"public.notes": "error"}, {"public.notes": "error"}),
    "grant delete on public.notes to anon": ({"public.notes": "error"}, {}),
    "grant select (remark) on public.countries to anon": (
        {"public.countries.remark": "error"},
        {"public.countries.remark": "error"},
    ),
    "alter table public.countries add column capital text": ({"public.countries.capital": "error"}, {}),
    "revoke select (name) on public.countries from anon": (
        dict.fromkeys(("public.countries.name", "public.country_names.code", "public.country_names.name"), "warning"),
        dict.fromkeys(("public.countries.name", "public.country_names.code", "public.country_names.name"), "warning"),
    ),
    "alter table public.countries drop column name cascade": (
        {"public.countries.name": "warning", "public.country_names": "warning"},
        {"public.countries.name": "warning", "public.country_names": "warning"},
    ),
    "drop view public.country_names": (
        {"public.country_names": "warning"},
        {"public.country_names": "warning"},
    ),
    "revoke all on public.country_names from anon": (
        {"public.country_names": "warning"},
        {"public.country_names.code": "warning", "public.country_names.name": "warning"},
    ),
    "revoke insert on public.wishes from anon": ({"public.wishes": "warning"}, {}),
    "drop table public.wishes": ({"public.wishes": "warning"}, {"public.wishes": "warning"}),
    "create function public.backdoor() returns int language sql as 'select 1'": ({"public.backdoor()": "error"}, {}),
    "grant execute on function public.wipe() to anon": ({"public.wipe()": "error"}, {}),
    "drop function public.greeting(text)": ({"public.greeting()": "warning"}, {}),
    "revoke execute on function public.greeting(text) from public, anon": ({"public.greeting()": "warning"}, {}),
}


def compare(session: Session, root: Imitation, *, most: int = 1000) -> Results:
    project = Project(f"{root.url}/rest/v1", KEY)
    with Client(project, rate=1000, most=most) as asking:
        return compare_with_project(session, asking, project, "public", lambda _: None)


def told(results: Results) -> dict[str, str]:
    return {found.object: str(found.level) for found in results.findings if found.level != "note"}


def test_project_as_the_migrations_make_it_has_no_findings(session: Session, deployed: Deployed) -> None:
    with imitate(deployed()) as root:
        results = compare(session, root)
    assert results.findings == []
    (check,) = results.checks
    assert check.status == "passed"
    assert check.proved == {"relations": 5, "columns": 10, "functions": 4}
    assert exit_code(results.document()) == 0


@pytest.mark.parametrize("by_hand", DRIFT)
def test_what_is_done_by_hand_is_found(session: Session, deployed: Deployed, by_hand: str) -> None:
    with imitate(deployed(by_hand)) as root:
        results = compare(session, root)
    assert told(results) == DRIFT[by_hand][0]
    assert exit_code(results.document()) == ("error" in told(results).values())


@pytest.mark.parametrize("by_hand", DRIFT)
def test_behind_a_closed_root_what_the_migrations_name_is_asked_for(
    session: Session, deployed: Deployed, by_hand: str
) -> None:
    with imitate(deployed(by_hand), instead=closed_root) as root:
        results = compare(session, root)
    assert told(results) == DRIFT[by_hand][1]
    assert "rest:root" in {found.key for found in results.findings}
    assert results.checks[0].proved["functions"] == 0


@pytest.mark.parametrize("instead", [lambda _: None, closed_root])
def test_nothing_is_written_called_or_read(session: Session, deployed: Deployed, instead: Answering) -> None:
    with imitate(deployed(), instead=instead) as root:
        compare(session, root)
    assert {request.method for request in root.asked} == {"GET"}
    assert [request.path for request in root.asked if "/rpc/" in request.path] == []
    assert {request.query["limit"][0] for request in root.asked[1:]} == {"0"}
    assert {request.headers["apikey"] for request in root.asked} == {KEY}
    assert {request.headers["accept-profile"] for request in root.asked} == {"public"}


def test_pace_is_kept(session: Session, deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    class Time:
        def monotonic(self) -> float:
            return now[0]

        def sleep(self, seconds: float) -> None:
            now[0] += seconds

    monkeypatch.setattr(client, "time", Time())
    with imitate(deployed()) as root, Client(project := Project(f"{root.url}/rest/v1", KEY), rate=4) as asking:
        compare_with_project(session, asking, project, "public", lambda _: None)
    assert now[0] == pytest.approx((len(root.asked) - 1) / 4)


def test_requests_end_where_they_are_to(session: Session, deployed: Deployed) -> None:
    with imitate(deployed("create table public.zoos (zoo text)")) as root:
        results = compare(session, root, most=3)
    assert len(root.asked) == 3
    (unasked,) = [found for found in results.findings if found.key == "rest:most"]
    assert unasked.level == "warning"
    assert "public.zoos" in unasked.detail


def test_functions_of_extensions_are_no_ones_drift(session: Session, deployed: Deployed) -> None:
    database = deployed("create extension isn schema public")
    with imitate(database) as root:
        results = compare(session, root)
    assert told(results)  # none of the migrations makes it
    extended = deployed("create extension isn schema public")
    with session.scratch(session.fresh) as expected, expected.connect() as connection:
        connection.execute("create extension isn schema public")
        findings = against(connection, extended)
    assert [found.object for found in findings] == []


def test_relation_whose_answer_is_unclear_is_a_warning(session: Session, deployed: Deployed) -> None:
    def slow(request: Request) -> Reply | None:
        body = '{"code": "57014", "message": "canceling statement due to statement timeout"}'
        return Reply(500, body) if request.path.endswith("/countries") else None

    with imitate(deployed(), instead=slow) as root:
        results = compare(session, root)
    assert told(results) == {"public.countries": "warning"}
    assert results.checks[0].proved["relations"] == 4


def test_view_that_fails_is_not_one_that_is_refused(deployed: Deployed) -> None:
    database = deployed("""
        create function public.failing() returns int language plpgsql immutable as $$ begin raise 'no'; end $$;
        create view public.failures as select public.failing() as failure
    """)
    with database.connect() as connection:
        relation = read_expectation(connection, "public", "anon").relations["failures"]
    assert relation.readable == {"failure"}


def test_key_in_clear_through_a_network_is_told() -> None:
    local = Project("http://127.0.0.1/rest/v1", KEY)
    for root, keys in {
        local.root: [],
        "http://[::1]:54321/rest/v1": [],
        "http://db.localhost/rest/v1": [],
        "https://x.supabase.co/rest/v1": [],
        "http://x.supabase.co/rest/v1": ["rest:http"],
    }.items():
        comparison = Comparison(replace(local, root=root), Expectation("public", "anon"), Sight(), Origins())
        assert [found.key for found in comparison.findings()] == keys


def test_accepted_drift_is_no_finding_and_one_that_is_gone_is_told(session: Session, deployed: Deployed) -> None:
    accepted = replace(
        session.target,
        exclusions=(
            Exclusion(check="rest", object="public.leads", reason="moves into a migration next week"),
            Exclusion(check="rest", object="public.gone", reason="was there once"),
        ),
    )
    same = Session(session.server, session.platform, accepted)
    with imitate(deployed("create table public.leads (email text)")) as root:
        document = compare(same, root).document()
    same.drop_all()
    assert exit_code(document) == 0
    assert {found["key"]: found["excluded"] is not None for found in document["findings"]} == {
        "rest:public.leads": True,
        "exclusions:rest:public.gone": False,
    }


def against(connection: psycopg.Connection, database: Database) -> list[Finding]:
    expectation = read_expectation(connection, "public", "anon")
    with imitate(database) as root, Client(project := Project(f"{root.url}/rest/v1", KEY), rate=1000) as asking:
        return list(Comparison(project, expectation, look(asking, expectation, lambda _: None), Origins()).findings())
