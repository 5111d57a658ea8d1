"""A container without a daemon, without its package, or with another machine's daemon: a clear error."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from schemaproof.errors import ServerError, UsageError
from schemaproof.server import ServerSpec, open_server
from schemaproof.server.account import server_account
from schemaproof.server.postmaster import Postmaster
from schemaproof.server.run_directory import make_run_directory
from tests.command import schemaproof


@pytest.mark.parametrize("host", ["unix:///nonexistent/docker.sock", "tcp://127.0.0.1:99999", "nonsense"])
def test_missing_daemon_is_told(clinic: Path, host: str) -> None:
    done = schemaproof(clinic, "check", "--server", "container", DOCKER_HOST=host)

    assert done.returncode == 2
    assert "No Docker daemon" in done.stderr
    assert "Traceback" not in done.stderr


def test_last_command_runs_when_the_owner_closes(tmp_path: Path) -> None:
    account = server_account()
    keeper = Postmaster(make_run_directory(account), account)
    keeper.finally_run([sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"])
    assert not (tmp_path / "ran").exists()

    keeper.close()

    assert (tmp_path / "ran").exists()


def test_missing_package_is_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "testcontainers.core.docker_client", None)

    with pytest.raises(ServerError) as refused:
        open_server(ServerSpec(kind="container", image="postgres:17"))
    assert "schemaproof[container]" in refused.value.remedy


class _Daemon(BaseHTTPRequestHandler):
    """An imitation: answers as a daemon does that is asked for its version."""

    def do_GET(self) -> None:
        body = json.dumps({"ApiVersion": "1.41"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 -- the name that the base class looks for

    def log_message(self, *_: object) -> None: ...


def test_daemon_of_another_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadingHTTPServer(("127.0.0.2", 0), _Daemon) as remote:
        threading.Thread(target=remote.serve_forever, daemon=True).start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.2:{remote.server_port}")
        try:
            with pytest.raises(ServerError, match="another machine"):
                open_server(ServerSpec(kind="container", image="postgres:17"))
        finally:
            remote.shutdown()


@pytest.mark.parametrize("options", [{"image": "postgres:17"}, {"reuse": True}])
def test_image_belongs_to_a_container(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ServerSpec(kind="embedded", **options)
