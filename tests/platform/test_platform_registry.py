import pytest

from schemaproof.errors import UsageError
from schemaproof.platform import load_platform


@pytest.mark.parametrize("name", ["plain", "supabase"])
def test_platform_is_found_by_its_name(name: str) -> None:
    assert load_platform(name).name == name


def test_typo_is_answered_with_the_nearest_platform() -> None:
    with pytest.raises(UsageError) as caught:
        load_platform("supbase")
    assert "supbase" in caught.value.message
    assert "`supabase`" in caught.value.remedy.split("?")[0]
    assert caught.value.exit_code == 2


def test_name_unlike_any_platform_is_answered_with_all_of_them() -> None:
    with pytest.raises(UsageError) as caught:
        load_platform("x")
    assert "Did you mean" not in caught.value.remedy
    assert "`plain` or `supabase`" in caught.value.remedy
