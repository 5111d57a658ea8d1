"""TLS with a server that the user named: its files by whole paths, and why a handshake failed (libpq does not tell)."""

import re
import socket
import ssl
import struct
from collections.abc import Mapping
from pathlib import Path

__all__ = ["failed_on_tls", "why_untrusted", "with_whole_paths"]

_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir", "passfile")
_OF_SYSTEM = "system"
_WORDS = re.compile(r"\b(ssl|tls|certificate)\b", re.IGNORECASE)
# SSLRequest, of the manual's chapter Message Formats: its length, and a number that is no version of the protocol.
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_SECONDS = 10


def with_whole_paths(parameters: Mapping[str, str], *, otherwise: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters with whole paths of files: the processes that schemaproof starts work in other folders.

    Args:
        parameters: of libpq.
        otherwise: what the environment says where these are silent.
    """
    named = {**otherwise, **parameters}
    return {**parameters, **{name: _whole(named[name]) for name in _FILES if name in named}}


def _whole(value: str) -> str:
    return str(Path(value).absolute()) if value != _OF_SYSTEM and Path(value).exists() else value


def failed_on_tls(reason: str) -> bool:
    """Tell whether libpq's message is about TLS; names of hosts and files, which it quotes, are not asked."""
    return bool(_WORDS.search(re.sub(r'"[^"]*"', "", reason)))


def why_untrusted(parameters: Mapping[str, str]) -> str:
    """Ask the server for its certificate and return what is wrong with it; nothing but that is sent.

    Args:
        parameters: of libpq, with the defaults of the environment.

    Returns:
        Such as `certificate has expired`; empty where it cannot be told.
    """
    host = parameters.get("host", "")
    if "," in host or host.startswith("/") or not host:
        return ""
    try:
        context = _context(parameters)
        address = (parameters.get("hostaddr") or host, int(parameters.get("port") or 5432))
        with socket.create_connection(address, timeout=_SECONDS) as plain:
            plain.sendall(_SSL_REQUEST)
            if plain.recv(1) == b"S":
                context.wrap_socket(plain, server_hostname=host).close()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except (OSError, ValueError):  # no such file, no such port, an answer that is no TLS: libpq's message tells it
        pass
    return ""


def _context(parameters: Mapping[str, str]) -> ssl.SSLContext:
    root = parameters.get("sslrootcert") or "~/.postgresql/root.crt"
    context = ssl.create_default_context(cafile=None if root == _OF_SYSTEM else Path(root).expanduser())
    context.check_hostname = parameters.get("sslmode") == "verify-full"
    return context
