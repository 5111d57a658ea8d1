"""Every test here wants Node.js and the packages of `schema/drizzle`."""

import pytest

from suites.typescript_access.node import require_packages


@pytest.fixture(scope="session", autouse=True)
def _packages() -> None:
    require_packages()
