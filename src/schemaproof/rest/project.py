"""Which project is asked, with which key: from the environment, so that the key is in no list of processes."""

import base64
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from schemaproof.errors import UsageError

__all__ = ["KEY_VARIABLE", "URL_VARIABLE", "Project", "read_project"]

URL_VARIABLE, KEY_VARIABLE = "SUPABASE_URL", "SUPABASE_ANON_KEY"
_ROOT = "/rest/v1"
_FORM = "Write it as https://<project>.supabase.co, as the project's settings show it."
_KEY = re.compile(r"[!-~]+")  # what a header may hold, without white space
_SECRET, _PUBLISHABLE = "sb_secret_", "sb_publishable_"


@dataclass(frozen=True)
class Project:
    """A project's REST root, and the key of its visitors.

    Args:
        root: without a slash at the end.
        role: whom the key makes one; that of a key that is no JWT is known from its form.
    """

    root: str
    key: str = field(repr=False)
    role: str = "anon"

    @property
    def host(self) -> str:
        """The host's name."""
        return urlsplit(self.root).hostname or ""

    @property
    def is_local(self) -> bool:
        """Tell whether it is on this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_in_clear(self) -> bool:
        """Tell whether the key goes through a network for all to read."""
        return self.root.startswith("http://") and not self.is_local


def read_project(url: str | None, environment: Mapping[str, str], *, role: str = "anon") -> Project:
    """Return the project of `url`, else of SUPABASE_URL, with the key of SUPABASE_ANON_KEY.

    A URL without a path is a Supabase project's; one with a path is a REST root itself.

    Raises:
        UsageError: one of them is missing or cannot be; the key is not that of `role`.
    """
    return Project(_root(url or environment.get(URL_VARIABLE, "").strip()), _key(environment, role), role)


def _root(url: str) -> str:
    if not url:
        raise UsageError("no project is named", remedy=f"Set {URL_VARIABLE}, or give --url. {_FORM}")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise UsageError("the project's URL cannot be read", remedy=_FORM) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", url):
        raise UsageError("the project's URL is no http or https URL", remedy=_FORM)
    if lacking := _too_much(parts):
        raise UsageError(f"the project's URL holds {lacking}", remedy=_FORM)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or _ROOT}"


def _too_much(parts: SplitResult) -> str:
    if parts.username is not None or parts.password is not None:
        return "a user or password"
    return "a query or fragment" if parts.query or parts.fragment else ""


def _key(environment: Mapping[str, str], role: str) -> str:
    key = environment.get(KEY_VARIABLE, "").strip()
    remedy = f"Set {KEY_VARIABLE} to the project's anon or publishable key."
    if not key:
        raise UsageError("no key of the project is set", remedy=remedy)
    if not _KEY.fullmatch(key):
        raise UsageError(f"{KEY_VARIABLE} holds characters that no key has", remedy=remedy)
    if (found := _role_of(key)) not in (role, None):
        raise UsageError(f"{KEY_VARIABLE} holds a key of {found}, not of {role}; it was not sent", remedy=remedy)
    return key


def _role_of(key: str) -> str | None:
    """Return whose key it is, None where it does not tell: a JWT names the role, and is not verified here."""
    if key.startswith((_SECRET, _PUBLISHABLE)):
        return "service_role" if key.startswith(_SECRET) else "anon"
    parts = key.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    role = claims.get("role") if isinstance(claims, dict) else None
    return str(role) if role else None
