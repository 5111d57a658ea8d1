"""Every refusal of schemaproof: what failed, on what, and what to do; secrets never get into one."""

import re
from collections.abc import Iterable

__all__ = ["OutageError", "SchemaproofError", "ServerError", "UsageError", "did_you_mean", "redact"]

_URI_PASSWORD = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s/:@]*:)\S*(?=@)", re.IGNORECASE)
_KEYWORD_PASSWORD = re.compile(
    r"(?P<head>\b(?:password|sslpassword|passwd|pgpassword)\s*[=:]\s*)(?:'(?:[^'\\]|\\.)*'|[^\s&'\"]+)",
    re.IGNORECASE,
)
# Of Supabase's projects: JSON Web Tokens, and the keys that come after them.
_KEY = re.compile(r"\beyJ[\w-]*\.[\w-]+\.[\w-]+|\bsb_(?:publishable|secret)_[\w-]+")


def redact(text: str) -> str:
    """Replace the passwords of connection strings, and the keys of projects, in `text` by `***`."""
    text = _URI_PASSWORD.sub(r"\g<head>***", text)
    return _KEY.sub("***", _KEYWORD_PASSWORD.sub(r"\g<head>***", text))


def did_you_mean(name: str, known: Iterable[str], *, otherwise: str) -> str:
    """Return the remedy for a misspelt name: the nearest of the known ones, or `otherwise` where none is near."""
    from difflib import get_close_matches  # here: a command that is spelt well need not load it

    near = get_close_matches(name, list(known), n=1)
    return f"Did you mean `{near[0]}`?" if near else otherwise


class SchemaproofError(Exception):
    """A refusal that the user can act on.

    Args:
        message: what failed, on which object, and what was seen.
        remedy: what to do, in the imperative.
    """

    exit_code = 2

    def __init__(self, message: str, *, remedy: str = "") -> None:
        self.message = redact(message)
        self.remedy = redact(remedy)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class UsageError(SchemaproofError):
    """The command line, the settings file or the project's layout is wrong."""


class ServerError(SchemaproofError):
    """No PostgreSQL could be had, or the one that was named does not do."""


class OutageError(ServerError):
    """The server failed while it was used: a lost connection, a full disk. Nothing is said of the schema."""
