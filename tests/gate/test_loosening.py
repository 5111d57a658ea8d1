"""What guarded the base and does not guard the head, told from the two catalogues alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from schemaproof.catalogue import Catalogue, ObjectKey
from schemaproof.gate.loosening import loosenings

_TABLES = ObjectKey("default privileges", "public: tables of postgres")


def _found(grants: list[str], *roles: str) -> list[str]:
    catalogue = Catalogue({_TABLES: {"grants": list(grants)}})
    context: Any = SimpleNamespace(catalogue=catalogue, asking_roles=roles, locate=lambda *_: None)
    return [found.summary.rpartition(" is open to ")[2] for found in loosenings(context, Catalogue({}))]


@pytest.mark.parametrize("role", ["anon", "web user", "web-user", 'the "odd" one'])
def test_default_privileges_of_a_role_are_told_whatever_its_name(role: str) -> None:
    written = role if role.isalnum() else '"' + role.replace('"', '""') + '"'
    assert _found([f"SELECT to {written} by postgres"], role, "other") == [f"{role} at once"]


def test_role_that_only_the_name_of_another_holds_gets_nothing() -> None:
    assert _found(['SELECT to "x to anon by y" by postgres', 'SELECT to b by "a to anon by c"'], "anon") == []


def test_default_privileges_of_everyone_are_told() -> None:
    assert _found(["EXECUTE to public by postgres with grant option"], "anon") == ["public at once"]
