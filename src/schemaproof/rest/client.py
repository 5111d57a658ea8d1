"""Asks a REST root one question after the other, at a measured pace; it only reads, and no row ever comes back."""

import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Self

import httpx
from postgrest import APIError, SyncPostgrestClient

from schemaproof.errors import SchemaproofError
from schemaproof.rest.project import KEY_VARIABLE, Project

__all__ = ["Answer", "Client", "RestError", "SpentError", "UnclearError"]

_SECONDS = 15.0
_OPENAPI = "application/openapi+json, application/json"
_SCHEMA_NOT_EXPOSED, _ROOT_DISABLED = "PGRST106", "PGRST126"
_LENGTH = 200
# An answer that is larger, in bytes, or takes longer is no root's: documents of a thousand tables have a few MB.
_MOST = 20_000_000


class RestError(SchemaproofError):
    """The project's REST root cannot be asked, or what answers there is none."""


class SpentError(Exception):
    """As many requests as are allowed have been made."""


class UnclearError(Exception):
    """The root answers something that says neither yes nor no."""


class Answer(StrEnum):
    """What a root says to one who asks for columns of a relation."""

    READ = "read"
    REFUSED = "refused"
    NO_COLUMN = "no column"
    NO_RELATION = "no relation"


# By PostgreSQL's SQLSTATE and PostgREST's own codes (its pages Errors and Schema Cache); before version 13 a relation
# that is missing is PostgreSQL's to tell.
_ANSWERS = {
    "42501": Answer.REFUSED,
    "42703": Answer.NO_COLUMN,
    "42P01": Answer.NO_RELATION,
    "PGRST205": Answer.NO_RELATION,
}


class _Bounded(httpx.SyncByteStream):
    """The body of an answer, which ends by `refuse` where it is larger, or takes longer, than a root's."""

    def __init__(self, stream: httpx.SyncByteStream, refuse: Callable[[str], RestError]) -> None:
        self._stream, self._refuse, self._end = stream, refuse, time.monotonic() + _SECONDS

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > _MOST:
                raise self._refuse(f"answers with more than {_MOST // 1_000_000} MB")
            if time.monotonic() > self._end:
                raise self._refuse(f"has not answered to the end after {_SECONDS:.0f} s")
            yield chunk

    def close(self) -> None:
        self._stream.close()


class Client:
    """One project's REST root, asked as its visitors.

    Args:
        project: whom to ask, with which key.
        schema: the exposed schema.
        rate: requests a second.
        most: requests in all.
    """

    def __init__(self, project: Project, *, schema: str = "public", rate: float = 5.0, most: int = 500) -> None:
        self._project = project
        self._pause, self._left, self._next = 1 / rate, most, 0.0
        self._status, self._body = 0, b""
        # A local root is asked directly, whatever the environment says of proxies.
        self._http = httpx.Client(
            follow_redirects=False,
            timeout=_SECONDS,
            headers={"accept-encoding": "identity"},
            trust_env=not project.is_local,
            event_hooks={"request": [self._wait], "response": [self._admit]},
        )
        self._client = SyncPostgrestClient(
            project.root,
            schema=schema,
            headers={"apikey": project.key, "Authorization": f"Bearer {project.key}"},
            http_client=self._http,
            retry_enabled=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def document(self) -> dict[str, Any] | str:
        """Return the root's OpenAPI document, or why it gives none to visitors.

        Raises:
            RestError: what answers is no REST root.
        """
        try:
            response = self._http.get(f"{self._project.root}/", headers={**self._client.headers, "Accept": _OPENAPI})
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None
        content = self._json(response)
        message = self._quoted(content.get("message", "")) if isinstance(content, dict) else ""
        if response.status_code in (401, 403):
            return message or f"status {response.status_code}"
        if not isinstance(content, dict):
            raise self._no_root("answers with a document that no root has")
        if response.is_success:
            return content if isinstance(content.get("paths"), dict) else "it answers with a document of its own"
        if content.get("code") == _ROOT_DISABLED:
            return message
        if content.get("code") == _SCHEMA_NOT_EXPOSED:
            raise self._no_schema(message)
        raise self._no_root(f"answers {response.status_code}: {message}")

    def select(self, relation: str, columns: Sequence[str]) -> Answer:
        """Ask for no row of these columns.

        Raises:
            RestError: the key is refused, or nobody answers.
            SpentError: no request is left.
            UnclearError: another answer.
        """
        if "/" in relation or relation in (".", ".."):
            raise UnclearError("no URL can hold its name")
        try:
            response = self._client.from_(relation).select(*map(_in_select, columns)).limit(0).execute()
        except APIError as error:
            return self._answer(error)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None
        if not isinstance(response.data, list) or not self._body.strip():
            raise UnclearError("it answers with something that is no list of rows")
        return Answer.READ

    def _answer(self, error: APIError) -> Answer:
        message = self._quoted(error.message or "")
        if error.code in _ANSWERS:
            return _ANSWERS[error.code]
        if error.code == _SCHEMA_NOT_EXPOSED:
            raise self._no_schema(message)
        if self._status in (401, 403):
            raise RestError(
                f"{self._project.host} refuses the key: {message or self._status}",
                remedy=f"Set {KEY_VARIABLE} to the anon or publishable key of this very project; it may have expired.",
            )
        raise UnclearError(f"status {self._status}: {message}")

    def _wait(self, _: httpx.Request) -> None:
        if not self._left:
            raise SpentError
        self._left -= 1
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._pause

    def _admit(self, response: httpx.Response) -> None:
        """Refuse what cannot be a REST root's answer, before anything is read of it."""
        self._status = response.status_code
        if response.has_redirect_location:
            to = httpx.URL(response.headers["location"]).host or "another path"
            raise RestError(
                f"{self._project.root} redirects to {self._quoted(to)}, where the key was not sent",
                remedy="Name the address at which the project itself answers.",
            )
        if response.status_code == 429:
            raise RestError(f"{self._project.host} is asked too often", remedy="Wait, and give a lower --rate.")
        if "html" in response.headers.get("content-type", ""):
            raise self._no_root(f"answers {response.status_code} with HTML")
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Bounded(response.stream, self._no_root)
        self._body = response.read()

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except (ValueError, RecursionError):
            raise self._no_root(f"answers {response.status_code} with something that is not JSON") from None

    def _no_root(self, what: str) -> RestError:
        if self._status >= 500:
            return RestError(
                f"{self._project.root}/ {what}", remedy="Ask again later; a project that is paused has to be woken up."
            )
        return RestError(
            f"{self._project.root}/ {what}: that is no REST root",
            remedy="Name the project's URL, without a path, or the whole address of its REST root.",
        )

    def _no_schema(self, message: str) -> RestError:
        return RestError(f"{self._project.host} does not expose the schema: {message}", remedy="Give another --schema.")

    def _unreachable(self, error: httpx.HTTPError) -> RestError:
        told = self._quoted(str(error)) or type(error).__name__
        return RestError(
            f"{self._project.root} does not answer: {told}", remedy="Mend the URL; a paused project has to be woken up."
        )

    def _quoted(self, text: object) -> str:
        """What somebody else wrote, in one line without the key."""
        plain = "".join(each if each.isprintable() else " " for each in str(text).replace(self._project.key, "***"))
        return " ".join(plain.split())[:_LENGTH]


def _in_select(column: str) -> str:
    """Quote a column's name where PostgREST would read more than a name (its page URL Grammar)."""
    if column.replace("_", "").isalnum():
        return column
    return '"' + column.replace("\\", "\\\\").replace('"', '\\"') + '"'
