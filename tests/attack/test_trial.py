"""What an attack reached is what a superuser sees afterwards, by a rule for each way of getting by."""

from collections.abc import Callable, Iterator

import pytest

from schemaproof.attack import Cell, Kind, Outcome, Players, assault
from schemaproof.attack.forms import forms
from schemaproof.checks import Context

On = Callable[[str], Context]


@pytest.fixture
def attack(on: On) -> Callable[[str], list[Outcome]]:
    """All forms of a member of A against B's rows in one table."""

    def run(table: str) -> list[Outcome]:
        arena = on("commands").arena
        member = Players(arena).member(arena.worlds[0])
        return list(assault(arena, member, [arena.relations[f"public.{table}"]], forms, victim="B"))

    return run


Attack = Callable[[str], list[Outcome]]


def _reaching(outcomes: list[Outcome]) -> set[str]:
    return {outcome.form.command for outcome in outcomes if outcome.reached}


def _starting(outcomes: list[Outcome], *beginnings: str) -> Iterator[Outcome]:
    return (outcome for outcome in outcomes if outcome.form.statement.startswith(beginnings))


def test_tight_table_is_reached_by_nothing(attack: Attack) -> None:
    assert _reaching(attack("tight")) == set()


def test_want_of_a_privilege_is_a_denial(attack: Attack) -> None:
    outcomes = attack("closed")
    assert {outcome.answer.sqlstate for outcome in outcomes} == {"42501"}
    assert all(outcome.denied for outcome in outcomes)


def test_row_that_the_check_refuses_is_a_denial(attack: Attack) -> None:
    inserts = [outcome for outcome in attack("tight") if outcome.form.command == "insert"]
    assert {outcome.answer.sqlstate for outcome in inserts} <= {"42501", "0A000"}
    assert all(outcome.denied for outcome in inserts)


def test_no_row_is_a_denial(attack: Attack) -> None:
    deletes = [each for each in _starting(attack("tight"), "delete") if " where " in each.form.statement]
    assert deletes
    assert all(outcome.denied and not outcome.answer.count for outcome in deletes)


def test_rows_of_others_that_are_read_are_named(attack: Attack) -> None:
    whole = next(outcome for outcome in attack("readable") if outcome.form.whole)
    assert {row.world for row in whole.leaked} == {"B", "C"}
    assert whole.reached == len(whole.leaked)


def test_open_table_is_reached_by_every_command(attack: Attack) -> None:
    assert _reaching(attack("readable")) == {"select", "insert", "update", "delete", "merge"}


def test_copy_is_tried_both_ways(attack: Attack) -> None:
    outcomes = attack("readable")
    out, into = (next(_starting(outcomes, beginning)) for beginning in ("copy (", 'copy "public"'))
    assert out.reached == 1
    assert (into.answer.sqlstate, into.reached) == ("0A000", 0)


def test_own_row_that_moves_to_another_tenant_is_reached(attack: Attack) -> None:
    moves = [outcome for outcome in attack("moved") if outcome.reached and outcome.form.command == "update"]
    assert any(outcome.form.gives for outcome in moves)
    assert all(' set "org" = ' in outcome.form.statement for outcome in moves)


def test_insert_into_another_tenant_is_reached_though_forms_that_read_are_refused(attack: Attack) -> None:
    inserts = {outcome.form.statement: outcome for outcome in _starting(attack("coded"), "insert")}
    plain = next(iter(inserts.values()))
    reading = inserts[f'{plain.form.statement} on conflict ("id") do nothing']
    assert (plain.answer.sqlstate, plain.reached) == (None, 1)
    assert (reading.answer.sqlstate, reading.reached) == ("42501", 0)


def test_returning_reads_a_column_and_so_asks_the_policy_for_select(attack: Attack) -> None:
    outcomes = attack("coded")
    returning = [outcome for outcome in outcomes if " returning " in outcome.form.statement]
    assert {outcome.form.command for outcome in returning} == {"insert", "update", "delete"}
    assert all(outcome.form.statement.endswith('returning "id"') for outcome in returning)
    (insert,) = _starting(returning, "insert")
    assert (insert.answer.sqlstate, insert.reached) == ("42501", 0)


def test_returning_of_a_role_that_reads_no_column_reads_none(attack: Attack) -> None:
    returning = [outcome for outcome in attack("blind") if " returning " in outcome.form.statement]
    assert [(outcome.answer.sqlstate, outcome.reached) for outcome in _starting(returning, "insert")] == [(None, 1)]
    assert all(outcome.form.statement.endswith("returning 1") for outcome in returning)


def test_unique_key_that_stops_a_foreign_write_speaks_after_the_policies(attack: Attack) -> None:
    given = next(outcome for outcome in attack("single") if outcome.form.gives and outcome.form.targeted)
    assert (given.answer.sqlstate, given.answer.constraint, given.reached) == ("23505", "single_org_key", 1)


def test_row_that_a_trigger_rewrites_is_none_of_the_victims(attack: Attack) -> None:
    outcomes = [outcome for outcome in attack("rewritten") if outcome.form.command == "insert"]
    assert any(outcome.answer.sqlstate is None and outcome.answer.count for outcome in outcomes)
    assert _reaching(outcomes) == set()


def test_bare_update_passes_by_a_tight_policy_for_select(attack: Attack) -> None:
    updates = [outcome for outcome in attack("bare") if outcome.form.command == "update"]
    reached = [outcome.form.statement for outcome in updates if outcome.reached]
    assert reached
    assert not any(" where " in statement or "returning" in statement for statement in reached)


def test_attacks_leave_everything_as_it_was(on: On, attack: Attack) -> None:
    arena = on("commands").arena
    count = (
        "select (select count(*) from public.readable), (select count(*) from public.moved),"
        " current_user, current_setting('statement_timeout'), nullif(current_setting('request.jwt.claims', true), '')"
    )
    before = arena.wire.after(count).rows
    attack("readable")
    attack("moved")
    assert arena.wire.after(count).rows == before


def test_owner_runs_the_same_statements_as_a_control(on: On) -> None:
    campaign = on("commands").campaign
    for command in ("select", "insert", "update", "delete"):
        assert campaign.controls["public.tight", command].reached


def test_campaign_sorts_who_reached_what(on: On) -> None:
    cells = [cell for cell in on("commands").campaign.of(Kind.MEMBER) if cell.reached]
    reached: dict[str, set[str]] = {}
    for cell in cells:
        reached.setdefault(cell.relation.name, set()).add(cell.command)
    assert reached.keys() == {"readable", "moved", "lined", "single", "bare", "coded", "blind"}
    assert reached["lined"] == {"insert"}


def test_visitor_is_told_apart_from_a_login(on: On) -> None:
    strangers: list[Cell] = list(on("commands").campaign.of(Kind.STRANGER))
    assert {cell.attacker.name for cell in strangers} == {"anon", "login without claims"}
    assert {cell.attacker.name for cell in strangers if cell.reached} == {"login without claims"}
