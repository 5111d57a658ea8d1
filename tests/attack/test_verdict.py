"""What may be meant is told from what is a leak by what the schema itself says, and a guess is called one."""

from collections.abc import Callable

import pytest

from schemaproof.attack import Cell, Verdict, judge
from schemaproof.checks import Context
from schemaproof.findings import Level

On = Callable[[str], Context]


def _verdict(context: Context, table: str, command: str, *, role: str = "authenticated") -> Verdict:
    cell = next(cell for cell in _reached(context, table, command) if cell.attacker.identity.role == role)
    return judge(context.campaign, cell)


def _reached(context: Context, table: str, command: str) -> list[Cell]:
    cells = context.campaign.cells
    return [cell for cell in cells if (cell.relation.name, cell.command) == (table, command) and cell.reached]


def test_rows_that_a_flag_publishes_are_a_note(on: On) -> None:
    verdict = _verdict(on("meant"), "articles", "select")
    assert (verdict.level, verdict.policy and verdict.policy.name) == (Level.NOTE, "published")
    assert "is_public" in verdict.guess


def test_inbox_that_visitors_fill_and_nobody_reads_is_a_warning(on: On) -> None:
    verdict = _verdict(on("meant"), "inbox", "insert", role="anon")
    assert verdict.level is Level.WARNING
    assert "drop box" in verdict.guess


def test_author_alone_makes_no_owner(on: On) -> None:
    verdict = _verdict(on("meant"), "remarks", "select")
    assert (verdict.level, "author" in verdict.guess) == (Level.WARNING, True)


def test_diaries_open_to_all_without_a_word_of_it_are_an_error(on: On) -> None:
    verdict = _verdict(on("meant"), "diaries", "select")
    assert (verdict.level, verdict.guess) == (Level.ERROR, "")
    assert verdict.reason == "policy 'everything' lets it through: using true"


def test_list_of_the_tenants_that_all_may_read_is_a_directory(on: On) -> None:
    verdict = _verdict(on("members"), "orgs", "select")
    assert (verdict.level, "directory" in verdict.guess) == (Level.WARNING, True)


@pytest.mark.parametrize(("table", "policy"), [("readable", "r"), ("bare", "u")])
def test_policy_that_let_an_update_through_is_named(on: On, table: str, policy: str) -> None:
    verdict = _verdict(on("commands"), table, "update")
    assert (verdict.level, verdict.policy and verdict.policy.name) == (Level.ERROR, policy)


def test_policy_on_inserts_is_shown_by_its_check(on: On) -> None:
    assert _verdict(on("commands"), "coded", "insert").reason.endswith("with check true")
