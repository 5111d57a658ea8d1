"""What an interruption leaves, and what a second run makes of it: every place of small files is tried."""

from functools import partial

import psycopg
import pytest

from schemaproof.catalogue import ObjectKey, take_catalogue
from schemaproof.findings import Finding
from schemaproof.midway import prove_interruptions, prove_race
from schemaproof.midway.footprint import take_footprint
from schemaproof.midway.passage import FAILURE, Passage, passages
from schemaproof.midway.points import Point, every_point, points
from schemaproof.midway.trial import Trials, fail
from schemaproof.migrations import MigrationError, up
from schemaproof.session import Session

from .conftest import Project

NOTES = "create table notes (note_id int primary key, author text);"
BUILD = "create index concurrently notes_author_idx on notes (author);"
CLEAN = f"drop index concurrently if exists notes_author_idx; {BUILD}"
COMMITS = """
create procedure fill() language plpgsql as $$ begin insert into notes values (7); commit; end $$;
call fill();
alter table notes add column at date;
"""
WHOLE = f"""
{NOTES}
create type mood as enum ('glad');
alter type mood add value 'sad';
create function f() returns int language sql as 'select 1';
create view v as select author from notes;
insert into notes values (1, 'a'), (2, 'b');
do $$ begin insert into notes values (1); exception when unique_violation then null; end $$;
comment on table notes is 'what was noted';
grant select on notes to public;
alter default privileges grant select on tables to public;
"""
UNDO = """
drop view v;
drop function f();
drop table notes;
drop type mood;
alter default privileges revoke select on tables from public;
"""


def found(session: Session, *, every: bool = False) -> dict[str, Finding]:
    proof = prove_interruptions(session, range(len(session.target.history)), every=every)
    return {finding.key: finding for finding in proof.findings}


def passage(session: Session, number: int = 0, direction: str = "up") -> Passage:
    (one,) = (each for each in passages(session.target.history, [number]) if each.direction == direction)
    return one


def test_one_transaction_leaves_nothing_wherever_it_fails(project: Project) -> None:
    session = project({"1_a": WHOLE}, {"1_a": UNDO})
    for each in passages(session.target.history, [0]):
        for point in every_point(each.script):
            outcome = Trials(session, each, fail).at(point)
            assert (outcome.reached, outcome.stays) == (True, False), (each.direction, point)


def test_failing_once_finds_what_failing_everywhere_finds(project: Project) -> None:
    files = {
        "1_whole": WHOLE,
        "2_commits": COMMITS,
        "3_commits_at_the_end": "create table b (); do $$ begin insert into notes values (9); commit; end $$;",
        "4_whole": "alter table notes add column seen date; update notes set seen = now();",
    }
    rollbacks = {
        "1_whole": UNDO,
        "2_commits": "alter table notes drop column at; drop procedure fill();",
        "3_commits_at_the_end": "drop table b; do $$ begin delete from notes where note_id = 9; commit; end $$;",
        "4_whole": "alter table notes drop column seen;",
    }
    session = project(files, rollbacks)
    once, everywhere = found(session), found(session, every=True)
    assert once == everywhere
    assert set(once) == {"interruption:2:again", "interruption:3:again", "interruption:3:down:again"}


def test_several_transactions_are_interrupted_wherever_it_matters(project: Project) -> None:
    files = {
        "1_a": NOTES,
        "2_clean": f"set lock_timeout = '1min'; {CLEAN}",
        "3_two": "create index concurrently x on notes (author); create index concurrently y on notes (note_id);",
        "4_own": "begin; create table b (); commit; begin; create table c (); create table d (); commit;",
        "5_rows": "insert into notes values (1) on conflict do nothing; vacuum notes;",
    }
    session = project(files)
    once, everywhere = found(session), found(session, every=True)
    assert {key: each.level for key, each in once.items()} == {key: each.level for key, each in everywhere.items()}
    assert set(once) == {"interruption:3:again", "interruption:4:again"}


def test_rollback_is_proved_as_its_migration_is(project: Project) -> None:
    session = project(
        {"1_a": NOTES, "2_index": CLEAN},
        {"1_a": "drop table notes", "2_index": "drop index concurrently notes_author_idx; vacuum full notes"},
    )
    (finding,) = found(session).values()
    assert finding.key == "interruption:2:down:again"
    assert finding.location is not None
    assert finding.location.path.parent.name == "rollbacks"


def test_cancelled_build_leaves_an_invalid_index_as_a_duplicate_does(project: Project) -> None:
    unique = "create unique index concurrently notes_author_idx on notes (author)"
    session = project({"1_a": NOTES, "2_index": unique})
    each = passage(session, 1)
    outcome = Trials(session, each, fail).at(Point(0, each.script.statements[0], ""))
    assert outcome.error is not None
    assert outcome.error.sqlstate == "42P07"
    with session.scratch(partial(session.at, 1)) as database, database.connect() as connection:
        connection.execute("insert into notes values (1, 'a'), (2, 'a')")
        with pytest.raises(MigrationError) as caught:
            up(connection, session.target.history)
        assert caught.value.sqlstate == "23505"
        left = take_catalogue(connection).objects[ObjectKey("index", "public.notes_author_idx")]
        assert left["valid"] is False
        with pytest.raises(MigrationError) as caught:
            up(connection, session.target.history)
        assert caught.value.sqlstate == "42P07"
    assert [(found.key.name, found.change) for found in outcome.left] == [("public.notes_author_idx", "added")]


def test_prefix_of_a_file_runs_before_the_build_that_is_cancelled(project: Project) -> None:
    session = project({"1_a": f"{NOTES} {BUILD}"})
    each = passage(session)
    outcome = Trials(session, each, fail).at(Point(1, each.script.statements[1], ""))
    assert outcome.reached
    assert {"public.notes", "public.notes_author_idx"} <= {difference.key.name for difference in outcome.left}


def test_statements_on_one_line_are_told_apart(project: Project) -> None:
    session = project(
        {"1_a": f"{NOTES} {BUILD}", "2_b": f"create table if not exists b (); {BUILD.replace('_idx', '_x')}"}
    )
    levels = {key: str(each.level) for key, each in found(session).items()}
    assert levels == {"interruption:1:again": "error", "interruption:2:again": "warning"}


def test_sequence_that_is_set_back_is_told_and_one_further_on_is_not(project: Project) -> None:
    session = project(
        {
            "1_a": "create table a (i int generated always as identity); insert into a default values",
            "2_b": "insert into a default values",
            "3_c": "select setval('a_i_seq', 1)",
        }
    )
    proof = prove_interruptions(session, range(3))
    assert [(each.key, each.level) for each in proof.findings] == [
        ("interruption:3:sequence:public.a_i_seq", "warning")
    ]
    assert [(each.version, each.sequences) for each in proof.files if each.sequences] == [
        ("2", ("public.a_i_seq",)),
        ("3", ("public.a_i_seq",)),
    ]


def test_other_transactions_rows_are_seen_in_the_footprint(project: Project) -> None:
    session = project({"1_a": NOTES})
    with session.scratch(session.fresh) as database, database.connect() as one, database.connect() as other:
        before = take_footprint(one)
        for statement in (
            "comment on column notes.author is 'who'",
            "grant insert (author) on notes to public",
            "insert into notes values (1)",
            "update notes set author = 'b'",
            "delete from notes",
            "alter table notes enable row level security",
            "create policy p on notes",
            "drop policy p on notes",
        ):
            with pytest.raises(psycopg.errors.RaiseException), other.transaction():
                other.execute(statement)
                other.execute("do $$ begin raise exception ''; end $$")
            assert before.same_rows(take_footprint(one)), statement
            other.execute(statement)
            after = take_footprint(one)
            assert not before.same_rows(after), statement
            before = after


def test_what_psql_leaves_is_told(project: Project) -> None:
    session = project({"1_a": NOTES, "2_b": "alter table notes add column if not exists at date", "3_c": COMMITS})
    told = {each.version: each.under_psql for each in prove_interruptions(session, range(3)).files}
    assert "stops at line 1 (42P07)" in told["1"]
    assert "goes through" in told["2"]
    assert "refuses it at line 3 (2D000)" in told["3"]


def test_only_the_migrations_asked_for_are_proved(project: Project) -> None:
    session = project({"1_a": f"{NOTES} vacuum notes; create table b ();", "2_b": "create table c ()"})
    proof = prove_interruptions(session, [1])
    assert proof.findings == ()
    assert [each.version for each in proof.files] == ["2"]


def test_places_are_those_where_something_can_stay(project: Project) -> None:
    session = project(
        {
            "1_whole": WHOLE,
            "2_mixed": "create table a (i int); create table b (); vacuum a; create index concurrently x on a (i)",
            "3_own": "begin; create table d (); create table e (); commit; create table f ()",
        }
    )
    whole, mixed, own = (points(each.script) for each in session.target.history)
    assert [each.after for each in whole] == [len(session.target.history[0].statements)]
    assert [(each.after, each.by == FAILURE, each.by == "") for each in mixed] == [
        (2, True, False),
        (2, False, False),
        (3, False, False),
        (3, False, True),
        (4, True, False),
    ]
    assert [each.after for each in own] == [3, 4, 5]


def test_two_runners_apply_each_migration_once(project: Project) -> None:
    session = project({"1_a": NOTES, "2_b": BUILD, "3_c": WHOLE.replace(NOTES, "")})
    assert prove_race(session, range(3)) == []


def test_migration_that_gives_up_the_lock_is_found_by_the_race(project: Project) -> None:
    session = project(
        {"1_a": "select pg_advisory_unlock_all(); create table a (); select pg_sleep(1)", "2_b": "create table b ()"}
    )
    (finding,) = prove_race(session, range(2))
    assert finding.key == "interruption:race"
