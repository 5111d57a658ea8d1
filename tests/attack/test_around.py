"""Past the tables: what views, functions, written rows, sessions and objects of one's own give of another tenant."""

from collections.abc import Callable

import pytest

from schemaproof.attack import (
    Gain,
    Legend,
    Players,
    admit,
    functions_attacked,
    injected,
    interfere,
    prepared,
    script,
    setting_for_long,
    shadowed,
    sticky,
    suspects,
    views_attacked,
)
from schemaproof.attack.calls import calls
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import aside, removal
from schemaproof.checks import Context

On = Callable[[str], Context]


@pytest.fixture
def gains(on: On) -> dict[str, list[Gain]]:
    """What a member of A gets out of the views and functions of `around`, by name."""
    context = on("around")
    views = [relation for relation in context.arena.discovery.relations if relation.kind == "v"]
    found: dict[str, list[Gain]] = {}
    for relation, gain in views_attacked(context.campaign, context.member, views, "B"):
        found.setdefault(relation.name, []).append(gain)
    called = suspects(context.arena.routines, "authenticated")
    for routine, gain in functions_attacked(context.campaign, context.member, called, "B"):
        found.setdefault(routine.name, []).append(gain)
    return found


def _harms(gains: list[Gain]) -> set[str]:
    return {gain.harm for gain in gains} - {""}


def test_view_with_its_owners_rights_shows_and_changes_what_is_not_ones_own(gains: dict[str, list[Gain]]) -> None:
    harms = _harms(gains["all_titles"])
    assert any(harm.startswith("shows public.owners.") for harm in harms)
    assert "changes rows in public.owners" in harms


def test_view_with_its_callers_rights_gives_nothing(gains: dict[str, list[Gain]]) -> None:
    assert _harms(gains["own_titles"]) == set()


def test_function_is_called_with_the_victims_key(gains: dict[str, list[Gain]]) -> None:
    assert _harms(gains["title_of"]) == {"shows public.owners.title"}
    assert _harms(gains["own_title"]) == set()


def test_function_that_changes_rows_is_found_whatever_was_called_before_it(
    on: On, gains: dict[str, list[Gain]]
) -> None:
    assert _harms(gains["wipe"]) == {"changes rows in public.parts"}
    context = on("around")
    wipe, own = (next(r for r in context.arena.routines if r.name == name) for name in ("wipe", "own_title"))
    after = functions_attacked(context.campaign, context.member, [wipe, own], "B")
    assert {routine.name for routine, gain in after if gain.changed} == {"wipe"}


def test_text_that_is_run_as_sql_is_told_by_a_quote(on: On) -> None:
    context = on("around")
    found = list(injected(context.campaign, context.member, context.arena.routines))
    assert [(routine.name, argument.name) for routine, argument, _ in found] == [("sorted", "by")]


def test_calls_lead_with_the_keys_that_an_argument_may_mean(on: On) -> None:
    arena = on("around").arena
    routine = next(routine for routine in arena.routines if routine.name == "title_of")
    statements = list(calls(arena, routine, "B"))
    keys = {row.values["id"] for row in arena.held("public.owners", "B")}
    assert any(str(key) in statement for key in keys for statement in statements)
    assert statements[-1].endswith("(NULL::uuid)")


def test_sum_over_all_tenants_depends_on_the_victim(on: On) -> None:
    context = on("around")
    found = {difference.thing.name for difference in interfere(context.campaign, [context.member], "B")}
    assert "how_many" in found
    assert not {"own_title", "own_titles"} & found


def test_own_row_is_put_under_another_tenants_parent(on: On) -> None:
    found = [each for each in on("around").borrowings if each.foreign_key]
    assert [(each.relation.name, each.answer.sqlstate) for each in found] == [("parts", None)]


def test_unique_value_of_another_tenant_is_answered_by_23505(on: On) -> None:
    answers = [each.answer for each in on("around").borrowings if each.columns == ("code",)]
    assert [(answer.sqlstate, answer.constraint) for answer in answers] == [("23505", "parts_code_key")]


def test_callers_view_stands_before_a_name_that_is_not_pinned(on: On) -> None:
    context = on("around")
    definers = [routine for routine in context.arena.routines if routine.definer and not routine.trigger]
    shadows = {routine.name: shadow for routine, shadow in shadowed(context.arena, context.member, definers)}
    assert [name for name, shadow in shadows.items() if shadow] == ["unpinned"]


def test_user_who_may_write_the_membership_lets_himself_in(on: On) -> None:
    context = on("members")
    found = list(admit(context.arena, context.member, "B", ()))
    opened = {place.rpartition(".")[0] for admission in found for _, place in admission.opened}
    assert {"public.notes", "public.files"} <= opened


def test_plan_that_is_kept_holds_the_key_where_a_function_says_immutable(on: On) -> None:
    arena = on("settings").arena
    first, second = (Players(arena).member(world) for world in arena.worlds[:2])
    reused = {relation.name: reuse for relation, reuse in prepared(arena, first, second)}
    assert reused["notes"] is not None
    assert reused["lists"] is None


def test_setting_for_the_session_is_left_to_the_next_request(on: On) -> None:
    arena = on("settings").arena
    caller = Players(arena).claimless()
    assert [(routine.name, bool(reuse)) for routine, reuse in sticky(arena, caller)] == [("choose", True)]
    assert [routine.name for routine in setting_for_long(arena)] == ["choose"]


def test_canary_is_a_value_of_one_tenant_alone(on: On) -> None:
    arena = on("around").arena
    canaries = Canaries(arena, "B")
    theirs, own = (arena.held("public.owners", world)[0] for world in ("B", "A"))
    title = theirs.values["title"]
    assert canaries.shown([(f"Dear {title}",)]) == {title: "public.owners.title"}
    assert canaries.shown([(own.values["title"],)]) == {}
    assert canaries.shown([(title,)], given=f"select '{title}'") == {}
    assert Canaries(arena, "B", known=[theirs]).shown([(title,)]) == {}


def test_marks_tell_the_table_whose_rows_are_gone(on: On) -> None:
    context = on("around")
    arena = context.arena
    marks = Marks(arena, arena.owned, "B")
    with standing_as(arena, context.member):
        marks.take()
        assert marks.changed() == ()
        parts = arena.relations["public.parts"]
        arena.wire.after(aside("authenticated", removal(parts, arena.held(parts.label, "B")[0].place)))
        assert marks.changed() == ("public.parts",)


def test_script_can_be_pasted(on: On) -> None:
    context = on("around")
    lines = script(context.member, "select 1").splitlines()
    assert lines[:2] == ["begin;", 'set local role "authenticated";']
    assert lines[2].startswith("select set_config('request.jwt.claims', '{")
    assert lines[-2:] == ["select 1;", "rollback;"]


def test_values_of_the_attacks_own_database_are_said_to_be_made_up(on: On) -> None:
    context = on("around")
    org, theirs = (world.keys["org"][0] for world in context.arena.worlds[:2])
    row = context.arena.held("public.parts", "B")[0].values["id"]
    statements = script(context.member, f"delete from public.parts where id = '{row}' and org = '{theirs}'")
    comment = Legend(context.arena).comment(statements)
    assert comment.startswith("-- ")
    assert comment.count("\n") == 1
    told = dict(part.split(" = ") for part in comment.rpartition(": ")[2].strip().split(", "))
    assert told[f"{org[:8]}…"] == "org of A"
    assert told[f"{theirs[:8]}…"] == "org of B"
    assert told[f"{str(row)[:8]}…"] == "parts.id of B"


def test_statements_that_hold_nothing_made_up_are_left_as_they_are(on: On) -> None:
    assert Legend(on("around").arena).comment("begin;\ndelete from public.parts where body = 'x';\nrollback;") == ""
