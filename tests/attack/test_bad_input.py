"""What a schema does to those who attack it is a finding: never a crash, and never a check that breaks."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from schemaproof.attack import arena
from schemaproof.findings import Finding, Level
from schemaproof.results import Results

Check = Callable[..., Results]

# A table of tenants' that is in order, beside whatever is wrong.
HEAD = """
    create role bad_app nologin;
    create schema bad;
    grant usage on schema bad to bad_app;
    create function bad.tenant() returns uuid language sql stable
    as $$ select nullif(current_setting('bad.tenant_id', true), '')::uuid $$;
    create table bad.notes (
        tenant_id uuid not null,
        note_id integer not null,
        amount integer not null,
        body text not null,
        primary key (tenant_id, note_id)
    );
    alter table bad.notes enable row level security;
    alter table bad.notes force row level security;
    grant select, insert, update, delete on bad.notes to bad_app;
"""
OWN = "tenant_id = (select bad.tenant())"


@pytest.fixture
def attacked(tmp_path: Path, checked: Callable[..., Results]) -> Check:
    """Run all checks on a schema after `HEAD`; none of them may break."""

    def run(text: str, *, head: str = HEAD, breaks: Collection[str] = ()) -> Results:
        (tmp_path / "migrations").mkdir()
        (tmp_path / "migrations" / "1_schema.sql").write_text(f"{head}\n{text}")
        (tmp_path / "schemaproof.toml").write_text('platform = "plain"\nmigrations = "migrations"\n')
        results = checked(tmp_path)
        broken = {check.name: check.reason for check in results.checks if check.status == "broken"}
        assert broken.keys() == set(breaks), broken
        assert [each.key for each in results.findings if each.check == "build"] == []
        return results

    return run


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not end is ended sooner than users' is, for the tests' sake."""
    monkeypatch.setattr(arena, "_PATIENCE", arena._PATIENCE.replace("5s", "200ms"))


def found(results: Results, check: str) -> dict[str, Finding]:
    """A check's findings by their keys."""
    return {each.key: each for each in results.findings if each.check == check}


def proved(results: Results, check: str = "isolation") -> dict[str, int]:
    (one,) = (each for each in results.checks if each.name == check)
    return dict(one.proved)


@pytest.mark.parametrize(
    ("condition", "sqlstate"),
    [
        pytest.param(f"{OWN} and 1 / (amount - amount) > 0", "22012", id="divides by zero"),
        pytest.param(f"{OWN} and (body || 'x')::integer > 0", "22P02", id="casts what cannot be cast"),
        pytest.param(f"{OWN} and bad.broken()", "P0001", id="calls what raises"),
    ],
)
def test_policy_that_errors_is_told_as_a_control_that_fails(attacked: Check, condition: str, sqlstate: str) -> None:
    results = attacked(
        """
        create function bad.broken() returns boolean language plpgsql as $$ begin raise exception 'broken'; end $$;
        """
        f"create policy own on bad.notes to bad_app using ({condition});"
    )
    findings = found(results, "isolation")
    commands = ("select", "insert", "update", "delete")
    controls = {f"isolation:bad.notes:{command}:control" for command in commands}
    assert set(findings) == controls | {"isolation:nothing"}
    assert all(sqlstate in findings[key].summary for key in controls)
    assert findings["isolation:nothing"].level is Level.ERROR


def test_policies_that_recur_without_end_are_told(attacked: Check) -> None:
    results = attacked(
        """
        create table bad.members (
            tenant_id uuid not null,
            user_name text not null,
            primary key (tenant_id, user_name)
        );
        alter table bad.members enable row level security;
        alter table bad.members force row level security;
        grant select on bad.members to bad_app;
        create policy own on bad.members for select to bad_app using (
            tenant_id in (
                select m.tenant_id from bad.members as m where m.user_name = current_setting('bad.user_name', true)
            )
        );
        create policy own on bad.notes to bad_app using (
            tenant_id in (
                select m.tenant_id from bad.members as m where m.user_name = current_setting('bad.user_name', true)
            )
        );
        """
    )
    findings = found(results, "isolation")
    assert "42P17" in findings["isolation:bad.members:select:control"].summary
    assert "42P17" in findings["isolation:bad.notes:select:control"].summary


@pytest.mark.usefixtures("impatient")
def test_function_that_sleeps_is_ended_and_told(attacked: Check) -> None:
    results = attacked(
        f"""
        create policy own on bad.notes to bad_app using ({OWN});
        create function bad.slow(p_note_id integer) returns setof text
        language plpgsql security definer set search_path = ''
        as $$ begin perform pg_sleep(3600); return query select n.body from bad.notes as n; end $$;
        """
    )
    (finding,) = found(results, "functions").values()
    assert (finding.key, str(finding.level)) == ("functions:bad.slow(integer):timeout", "warning")
    assert "57014" in finding.detail


@pytest.mark.usefixtures("impatient")
def test_policy_that_sleeps_is_ended_and_told(attacked: Check) -> None:
    results = attacked(
        f"""
        create function bad.slow() returns boolean language plpgsql
        as $$ begin perform pg_sleep(3600); return true; end $$;
        revoke insert, update, delete on bad.notes from bad_app;
        create policy own on bad.notes for select to bad_app using ({OWN} and bad.slow());
        """
    )
    assert "57014" in found(results, "isolation")["isolation:bad.notes:select:control"].summary


NAMES = [
    pytest.param('a "quoted" name', id="quotes"),
    pytest.param("it's a name", id="apostrophe"),
    pytest.param("with spaces . and dots", id="spaces and dots"),
    pytest.param("Größe & Maß 日本語", id="Unicode"),
    pytest.param("n" * 63, id="63 bytes"),
    pytest.param("select", id="reserved"),
    pytest.param("order", id="reserved too"),
    pytest.param("per%cent {brace} $1 \\ ;--", id="signs of templates"),
]


@pytest.mark.parametrize("opened", [False, True], ids=["shut", "opened"])
@pytest.mark.parametrize("name", NAMES)
def test_table_of_any_name_is_attacked(attacked: Check, name: str, opened: bool) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    results = attacked(
        f"""
        create policy own on bad.notes to bad_app using ({OWN});
        create schema {quoted};
        grant usage on schema {quoted} to bad_app;
        create table {quoted}.{quoted} ({quoted} uuid not null, "id" integer primary key, "text" text);
        alter table {quoted}.{quoted} enable row level security;
        alter table {quoted}.{quoted} force row level security;
        grant select, insert, update, delete on {quoted}.{quoted} to bad_app;
        create policy {quoted} on {quoted}.{quoted} to bad_app
        using ({quoted} = (select bad.tenant()){" or id is not null" if opened else ""});
        """
    )
    errors = {each.key: each for each in results.findings if str(each.level) == "error"}
    assert len(errors) == (4 if opened else 0), set(errors)
    assert proved(results)["tables"] == 2
    assert proved(results)["controls"] >= 8
    places = {each.location.line for each in errors.values() if each.location is not None}
    assert {each.check for each in errors.values()} == ({"isolation"} if opened else set())
    assert places == ({line_of(results, "create policy", 2)} if opened else set())


def line_of(results: Results, start: str, number: int) -> int:
    """The line of the so-many-th statement that begins so."""
    path = results.target.migrations / "1_schema.sql"
    lines = [place for place, line in enumerate(path.read_text().splitlines(), 1) if line.strip().startswith(start)]
    return lines[number - 1]


def test_table_of_1600_columns_is_attacked(attacked: Check) -> None:
    columns = ", ".join(f"c{number} boolean" for number in range(1598))
    results = attacked(
        f"""
        create policy own on bad.notes to bad_app using ({OWN});
        create table bad.wide (tenant_id uuid not null, wide_id integer primary key, {columns});
        alter table bad.wide enable row level security;
        alter table bad.wide force row level security;
        grant select, insert, update on bad.wide to bad_app;
        create policy read on bad.wide for select to bad_app using (wide_id > 0);
        create policy write on bad.wide for insert to bad_app with check ({OWN});
        create policy change on bad.wide for update to bad_app using ({OWN});
        """
    )
    errors = {each.key for each in results.findings if str(each.level) == "error"}
    assert errors == {"isolation:bad.wide:select"}


def test_table_that_cannot_be_filled_is_told_with_what_refused(attacked: Check) -> None:
    results = attacked(
        f"""
        create policy own on bad.notes to bad_app using ({OWN});
        create table bad.signed (
            tenant_id uuid not null,
            code text not null constraint code_is_signed check (md5(code) like '%00000000'),
            primary key (tenant_id, code)
        );
        create table bad.children (
            tenant_id uuid not null,
            child_id integer primary key,
            code text not null,
            foreign key (tenant_id, code) references bad.signed
        );
        alter table bad.signed enable row level security;
        alter table bad.children enable row level security;
        create policy own on bad.signed for select to bad_app using ({OWN});
        create policy own on bad.children for select to bad_app using ({OWN});
        grant select on bad.signed, bad.children to bad_app;
        """
    )
    findings = found(results, "rows")
    assert {"rows:bad.signed", "rows:bad.children"} == set(findings)
    assert "code_is_signed" in findings["rows:bad.signed"].summary
    assert "23514" in (findings["rows:bad.signed"].detail or "")


def test_table_that_a_trigger_guards_is_told_with_the_trigger(attacked: Check) -> None:
    results = attacked(
        f"""
        create policy own on bad.notes to bad_app using ({OWN});
        create function bad.refuse() returns trigger language plpgsql
        as $$ begin raise exception 'never' using errcode = 'ZZ001'; end $$;
        create trigger refuse before insert on bad.notes for each row execute function bad.refuse();
        alter table bad.notes enable always trigger refuse;
        """
    )
    (finding,) = found(results, "rows").values()
    assert (finding.key, "ZZ001" in (finding.detail or "")) == ("rows:bad.notes", True)


def test_function_that_ends_the_session_is_told(attacked: Check) -> None:
    results = attacked(
        f"""
        create policy own on bad.notes to bad_app using ({OWN});
        create function bad.end_it() returns void language sql security definer set search_path = ''
        as $$ select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) $$;
        """
    )
    (finding,) = found(results, "functions").values()
    assert (finding.key, str(finding.level)) == ("functions:bad.end_it():ended", "warning")
    assert "57P01" in finding.summary
    assert proved(results)["controls"] > 0
    assert [each.check for each in results.findings if each.key.endswith(":ended")] == ["functions"]


ENDS = """
    create function bad.ends() returns boolean language sql security definer set search_path = ''
    as $$ select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) $$;
"""


def test_policy_that_ends_the_session_is_told_and_the_other_tables_are_attacked(attacked: Check) -> None:
    results = attacked(
        f"""
        {ENDS}
        create table bad.open (tenant_id uuid not null, open_id integer primary key);
        alter table bad.open enable row level security;
        alter table bad.open force row level security;
        grant select on bad.open to bad_app;
        create policy own on bad.notes for select to bad_app using ({OWN} and bad.ends());
        create policy own on bad.open to bad_app using (tenant_id = bad.tenant() or open_id > 0);
        """
    )
    findings = found(results, "isolation")
    assert "57P01" in findings["isolation:bad.notes:select:control"].summary
    assert str(findings["isolation:bad.open:select"].level) == "error"


def test_trigger_that_ends_the_session_of_whoever_deletes_is_told(attacked: Check) -> None:
    results = attacked(
        f"""
        {ENDS}
        create table bad.parts (
            tenant_id uuid not null,
            part_id integer primary key,
            note_id integer not null,
            foreign key (tenant_id, note_id) references bad.notes on delete cascade
        );
        create function bad.gone() returns trigger language plpgsql
        as $$ begin perform bad.ends(); return old; end $$;
        create trigger gone before delete on bad.notes for each row execute function bad.gone();
        create policy own on bad.notes to bad_app using ({OWN});
        """,
        breaks=("cascades",),
    )
    (cascades,) = (each for each in results.checks if each.name == "cascades")
    assert "57P01" in cascades.reason or "terminating" in cascades.reason
    assert "57P01" in found(results, "isolation")["isolation:bad.notes:delete:control"].summary
