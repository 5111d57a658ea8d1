"""Callers with something wrong: odd tokens and settings, what a caller may choose, memberships that have ended."""

from collections.abc import Callable

import pytest

from schemaproof.attack import ROLE_CLAIM, Kind
from schemaproof.attack.doors import back_doors
from schemaproof.attack.endings import memberships
from schemaproof.attack.tokens import odd_tokens
from schemaproof.checks import Context

On = Callable[[str], Context]


def _reached(context: Context, kind: Kind) -> dict[str, set[str]]:
    """The tables that each caller of a kind reached."""
    found: dict[str, set[str]] = {}
    for cell in context.campaign.of(kind):
        found.setdefault(cell.attacker.name, set()).update([cell.relation.name] if cell.reached else [])
    return found


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("no token", None),
        ("token that is empty", ""),
        ("token malformed JSON", "{"),
        ("token []", "[]"),
        ("org is ''", '{"role": "authenticated", "org": ""}'),
        ("org is null", '{"role": "authenticated", "org": null}'),
        ("org is a list", '{"role": "authenticated", "org": ["not-a-key"]}'),
        ("org is a number", '{"role": "authenticated", "org": 1}'),
        ("org is a wildcard", '{"role": "authenticated", "org": "%"}'),
    ],
)
def test_odd_token_is_put_on_as_it_is(on: On, name: str, claims: str | None) -> None:
    attackers = {attacker.name: attacker for attacker, _ in odd_tokens(on("claims").arena)}
    assert attackers[name].identity.claims == claims
    assert attackers[name].world is None


def test_claim_is_tried_under_another_name_in_other_case_and_in_the_wrong_place(on: On) -> None:
    names = {attacker.name for attacker, _ in odd_tokens(on("claims").arena)}
    assert {"org under another name", "org in upper case", "org with spaces", ROLE_CLAIM} <= names
    assert "member of A with org of B in app_metadata" in names
    # A policy reads it there: that is a back door, and no odd token.
    assert "member of A with org of B in user_metadata" not in names


def test_missing_claim_opens_what_is_lax_and_nothing_else(on: On) -> None:
    reached = _reached(on("claims"), Kind.TOKEN)
    assert reached["no token"] == {"lax"}
    assert reached["org is null"] == {"lax"}
    assert reached["org is no key"] == set()
    assert {table for tables in reached.values() for table in tables} == {"lax"}


def test_metadata_that_a_user_edits_is_a_back_door(on: On) -> None:
    reached = _reached(on("claims"), Kind.BACK_DOOR)
    assert reached["member of A with B's user_metadata.org"] == {"edited"}
    assert [victim for _, victim in back_doors(on("claims").arena)] == ["B"] * len(reached)


def test_setting_that_opens_a_table_is_tried_by_everybody(on: On) -> None:
    reached = _reached(on("switch"), Kind.BACK_DOOR)
    assert reached == {
        f"{name} with app.maintenance = on": {"notes"} for name in ("member of A", "login without claims", "anon")
    }


def test_setting_is_tried_empty_odd_and_much_like_another_tenants(on: On) -> None:
    arena = on("settings").arena
    settings = {attacker.name: dict(attacker.identity.settings) for attacker, _ in odd_tokens(arena)}
    theirs = next(keys[0] for name, keys in arena.worlds[1].keys.items() if name == "app.org")
    assert settings["app.org is ''"] == {"app.org": ""}
    assert settings["app.org of another tenant, the same in upper case"] == {"app.org": theirs.upper()}
    assert settings["app.org of another tenant, its beginning"] == {"app.org": theirs[:-1]}


def test_membership_is_ended_in_each_way_that_its_table_knows(on: On) -> None:
    names = [attacker.name for attacker, _ in memberships(on("members").arena)]
    assert names == [
        "member of A whose membership has ended",
        "member of A without a row in public.members",
        "member of A whose membership is marked by status = revoked",
        "member of A and C",
    ]


def test_membership_that_has_ended_opens_only_what_does_not_ask_for_its_status(on: On) -> None:
    reached = _reached(on("members"), Kind.MEMBERSHIP)
    assert "notes" not in set().union(*reached.values())
    assert "files" in reached["member of A whose membership is marked by status = revoked"]
    assert "files" not in reached["member of A without a row in public.members"]


def test_member_of_two_tenants_reaches_no_third(on: On) -> None:
    attacker, victim = next(pair for pair in memberships(on("members").arena) if pair[0].also)
    assert (attacker.world, attacker.also, victim) == ("A", ("C",), "B")
    assert _reached(on("members"), Kind.MEMBERSHIP)["member of A and C"] <= {"orgs", "members"}
