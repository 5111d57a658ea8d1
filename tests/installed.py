"""PostgreSQL that is installed on the machine: tests want it beside the embedded one, but cannot bring it along."""

import os

import pytest

from schemaproof.errors import ServerError
from schemaproof.server import Server, ServerSpec, open_server
from schemaproof.server.daemon import connect_docker
from schemaproof.server.installation import find_installation

__all__ = ["needs_container", "needs_system", "open_or_skip"]


def _is_there() -> bool:
    try:
        find_installation(ServerSpec(kind="system"))
    except ServerError:
        return False
    return True


# Where it must be there, its absence is a failure and no reason to skip.
_MISSING = "SCHEMAPROOF_REQUIRE_SYSTEM" not in os.environ and not _is_there()
_REASON = "no PostgreSQL is installed on this machine"

needs_system = pytest.mark.skipif(_MISSING, reason=_REASON)


def open_or_skip(spec: ServerSpec) -> Server:
    """Open a server; skip the test where it asks for an installed PostgreSQL and there is none."""
    if spec.kind == "system" and _MISSING:
        pytest.skip(_REASON)
    return open_server(spec)


def needs_container() -> str:
    """Return the image that the variable SCHEMAPROOF_IMAGE names; skip the test where there is none, or no Docker.

    Where both must be there, as in CI, their absence is a failure.
    """
    image = os.environ.get("SCHEMAPROOF_IMAGE")
    if not image:
        pytest.skip("SCHEMAPROOF_IMAGE names no image of PostgreSQL (.ci/image/build makes one)")
    if "SCHEMAPROOF_REQUIRE_SYSTEM" not in os.environ:
        try:
            with connect_docker():
                pass
        except ServerError as error:
            pytest.skip(error.message)
    return image
