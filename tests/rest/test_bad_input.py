"""What is no project, or refuses: one message that says what to do, exit code 2, and never the key."""

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from schemaproof.errors import SchemaproofError, UsageError
from schemaproof.rest import Client, Expectation, Project, Relation, RestError, client, look, read_project
from tests.rest.imitation import KEY, Answering, Imitation, Reply, Request, closed_root, imitate

HTML = (("content-type", "text/html; charset=utf-8"),)
WANTED = Expectation("public", "anon", {"notes": Relation(listed=True, columns={"body": True})})


def jwt(**claims: object) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "HS256"}, claims)
    ]
    return ".".join([*parts, "signature"])


def always(status: int, body: str, headers: tuple[tuple[str, str], ...] | None = None) -> Answering:
    return lambda _: Reply(status, body) if headers is None else Reply(status, body, headers)


def below_root(status: int, body: str) -> Answering:
    return lambda request: closed_root(request) or Reply(status, body)


def asked(url: str, *, key: str = KEY) -> RestError:
    with Client(Project(url, key), rate=1000) as asking, pytest.raises(RestError) as failure:
        look(asking, WANTED, lambda _: None)
    assert failure.value.exit_code == 2
    assert failure.value.remedy
    assert key not in str(failure.value)
    return failure.value


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        (always(200, "<h1>Welcome</h1>", HTML), "HTML"),
        (always(404, "<h1>No such page</h1>", HTML), "HTML"),
        (always(540, "<h1>Paused</h1>", HTML), "woken up"),
        (always(503, '{"code": "PGRST002", "message": "no connection to the database"}'), "Ask again later"),
        (always(404, '{"code": "PGRST125", "message": "Invalid path specified"}'), "no REST root"),
        (always(200, "welcome"), "not JSON"),
        (always(200, "[1, 2]"), "no REST root"),
        (always(200, ""), "not JSON"),
        (always(500, '{"status": "bad"}'), "500"),
        (always(404, '{"message": "no Route matched with those values"}'), "no Route matched"),
        (always(406, '{"code": "PGRST106", "message": "must be one of: api"}'), "must be one of: api"),
        (below_root(406, '{"code": "PGRST106", "message": "must be one of: api"}'), "must be one of: api"),
        (always(429, '{"message": "API rate limit exceeded"}'), "too often"),
        (always(401, '{"message": "Invalid API key", "hint": "Double check it."}'), "refuses the key"),
        (always(401, '{"message": "No API key found in request"}'), "refuses the key"),
        (always(401, '{"code": "PGRST301", "message": "JWSError JWSInvalidSignature"}'), "JWSInvalidSignature"),
        (always(401, '{"code": "PGRST303", "message": "JWT expired"}'), "JWT expired"),
        (below_root(403, "null"), "refuses the key"),
        (always(200, "[" * 200_000), "not JSON"),
    ],
)
def test_answer_that_is_none_is_told(instead: Answering, told: str) -> None:
    with imitate(instead=instead) as root:
        assert told in str(asked(f"{root.url}/rest/v1"))


def test_refused_key_is_refused_by_the_imitation_too() -> None:
    with imitate() as root:
        assert "Invalid API key" in str(asked(f"{root.url}/rest/v1", key="another"))


@pytest.mark.parametrize("location", ["{elsewhere}/rest/v1/", "/login"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(location: str, status: int) -> None:
    with imitate() as elsewhere:
        to = location.format(elsewhere=elsewhere.url)
        with imitate(instead=always(status, "", (("location", to),))) as root:
            assert "redirects" in asked(f"{root.url}/rest/v1").message
        assert len(root.asked) == 1
    assert elsewhere.asked == []


def test_key_that_the_other_side_repeats_is_not_shown() -> None:
    body = json.dumps({"code": "PGRST301", "message": f"cannot decode {KEY}\n\x1b[31m of {KEY}"})
    with imitate(instead=always(401, body)) as root:
        error = asked(f"{root.url}/rest/v1")
    assert "cannot decode ***" in str(error)
    assert "\x1b" not in str(error)


def test_nobody_answers() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert "does not answer" in asked(f"http://127.0.0.1:{closed.getsockname()[1]}/rest/v1").message


def test_no_such_host() -> None:
    assert "does not answer" in asked("https://no-such-project.invalid/rest/v1").message


@pytest.fixture
def mute() -> Iterator[str]:
    """What accepts a connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/rest/v1"


def test_one_that_says_nothing_is_not_waited_for(mute: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_SECONDS", 0.2)
    assert "does not answer" in asked(mute).message


def test_one_that_never_ends_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_MOST", 2_000_000)
    with imitate(instead=always(200, "[" + " " * 2_000_000)) as root:
        assert "more than 2 MB" in asked(f"{root.url}/rest/v1").message


def test_one_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
                while True:
                    connection.sendall(b" ")
                    time.sleep(0.02)

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert "to the end" in asked(f"http://127.0.0.1:{listening.getsockname()[1]}/rest/v1").message
        dripping.join()


@pytest.mark.parametrize("definitions", [[1], "none", {"notes": [1]}, {"notes": {"properties": "body"}}])
def test_definitions_that_are_none_list_no_column(definitions: object) -> None:
    document = json.dumps({"paths": {"/notes": [1]}, "definitions": definitions})

    def instead(request: Request) -> Reply:
        return Reply(200, document if request.path == "/rest/v1/" else "[]")

    with imitate(instead=instead) as root, Client(Project(f"{root.url}/rest/v1", KEY), rate=1000) as asking:
        sight = look(asking, WANTED, lambda _: None)
    assert sight.listed == {"notes": frozenset()}


def test_local_root_is_asked_past_the_proxy(monkeypatch: pytest.MonkeyPatch, mute: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", mute)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with imitate(instead=always(429, "{}")) as root:
        asked(f"{root.url}/rest/v1")
        assert len(root.asked) == 1


@pytest.mark.parametrize("body", ["ok", '{"rows": 0}', "", " "])
def test_success_that_is_no_list_of_rows_says_nothing(body: str) -> None:
    with (
        imitate(instead=below_root(200, body)) as root,
        Client(Project(f"{root.url}/rest/v1", KEY), rate=1000) as asking,
    ):
        sight = look(asking, WANTED, lambda _: None)
    assert sight.unclear.keys() == {"notes"}
    assert sight.readable("notes") == frozenset()


def test_root_that_is_switched_off_is_closed_and_no_error() -> None:
    off = Reply(404, '{"code": "PGRST126", "message": "Root endpoint metadata is disabled"}')

    def instead(request: Request) -> Reply:
        return off if request.path == "/rest/v1/" else Reply(200, "[]")

    with imitate(instead=instead) as root, Client(Project(f"{root.url}/rest/v1", KEY), rate=1000) as asking:
        sight = look(asking, WANTED, lambda _: None)
    assert sight.closed == "Root endpoint metadata is disabled"
    assert sight.readable("notes") == {"body"}


def test_relation_that_no_url_can_name_is_left_out() -> None:
    odd = Expectation("public", "anon", {"a/b": Relation(True, {"c": True}), "..": Relation(True, {"c": True})})
    with imitate(instead=closed_root) as root, Client(Project(f"{root.url}/rest/v1", KEY), rate=1000) as asking:
        assert sorted(look(asking, odd, lambda _: None).unclear) == ["..", "a/b"]
    assert len(root.asked) == 1


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://x.supabase.co", "https://x.supabase.co/rest/v1"),
        ("https://x.supabase.co/", "https://x.supabase.co/rest/v1"),
        ("https://x.supabase.co/rest/v1/", "https://x.supabase.co/rest/v1"),
        ("http://127.0.0.1:54321", "http://127.0.0.1:54321/rest/v1"),
        ("https://api.example/data", "https://api.example/data"),
    ],
)
def test_root_is_found_from_the_projects_url(url: str, root: str) -> None:
    assert read_project(None, {"SUPABASE_URL": url, "SUPABASE_ANON_KEY": KEY}).root == root
    assert read_project(url, {"SUPABASE_URL": "https://other", "SUPABASE_ANON_KEY": KEY}).root == root


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", KEY),
        ("x.supabase.co", KEY),
        ("postgresql://u:hunter2@h/d", KEY),
        ("https://", KEY),
        ("https://u:hunter2@x.supabase.co", KEY),
        ("https://x.supabase.co?apikey=hunter2", KEY),
        ("https://x.supabase.co:port", KEY),
        ("https://[x", KEY),
        ("https://x.supa base.co", KEY),
        ("https://x.supabase.co", ""),
        ("https://x.supabase.co", "two keys-hunter2"),
        ("https://x.supabase.co", "key\nhunter2"),
        ("https://x.supabase.co", "schlüssel-hunter2"),
        ("https://x.supabase.co", "sb_secret_hunter2"),
        ("https://x.supabase.co", jwt(role="service_role", ref="hunter2")),
        ("https://x.supabase.co", jwt(role="authenticated")),
    ],
)
def test_what_cannot_be_asked_with_is_refused_before_it_is_sent(url: str, key: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_project(url, {"SUPABASE_ANON_KEY": key})
    assert refused.value.remedy
    assert "hunter2" not in str(refused.value)
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize("key", [KEY, jwt(role="anon"), jwt(), "opaque-key", "k1.k2.k3", "k1.!.k3"])
def test_visitors_key_is_taken_and_not_shown(key: str) -> None:
    project = read_project("https://x.supabase.co", {"SUPABASE_ANON_KEY": f" {key}\n"})
    assert project.key == key
    assert key not in repr(project)


@pytest.mark.parametrize("key", [jwt(role="anon"), "sb_secret_abc123", "sb_publishable_abc123"])
def test_keys_of_projects_are_redacted_in_every_error(key: str) -> None:
    error = SchemaproofError(f"GET /?apikey={key} failed", remedy=f"not {key}, please")
    assert key not in str(error)
    assert "failed" in str(error)


def test_imitation_is_asked_by_nobody_else(tmp_path: Path) -> None:
    request = Request("GET", "/rest/v1/", {}, {})
    assert Imitation(None, closed_root).reply(request).status == 403
