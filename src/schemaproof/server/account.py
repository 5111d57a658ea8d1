"""Who a started server runs as: the caller, or an unprivileged account when the caller is root."""

import grp
import os
import pwd
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from schemaproof.errors import ServerError

__all__ = ["Account", "server_account"]

# Group ids that systemd's "Users, Groups, UIDs and GIDs" page lists as unused.
_SPARE_GROUPS = range(60706, 61184)


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The user and group of a server's processes; `switched` tells whether they differ from the caller's."""

    uid: int
    gid: int
    switched: bool

    def popen(self) -> _Identity:
        """Return the arguments that make `subprocess` run a program as this account."""
        return _Identity(user=self.uid, group=self.gid, extra_groups=[]) if self.switched else _Identity()

    def give(self, path: Path) -> None:
        """Make this account the owner of `path`."""
        if self.switched:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Choose the account; PostgreSQL refuses to run as root.

    As root it is `nobody`, which owns nothing that a superuser's `COPY … TO PROGRAM` could harm: the account `postgres`
    may own a cluster with real data. Other daemons share `nobody`, so the server gets a group that no one else has:
    the run directory lets only root and that group pass, and `ptrace` wants equal groups as well.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise ServerError(
            "PostgreSQL refuses to run as root, and this machine has no account `nobody` to run it as.",
            remedy="Run schemaproof as an ordinary user.",
        ) from None
    return Account(entry.pw_uid, _spare_group() or entry.pw_gid, switched=True)


def _spare_group() -> int | None:
    taken = {entry.gr_gid for entry in grp.getgrall()}
    free = [gid for gid in _SPARE_GROUPS if gid not in taken]
    # A user namespace may map fewer groups than these; a process there cannot take one.
    return secrets.choice(free) if free and _mapped(free[-1]) else None


def _mapped(gid: int) -> bool:
    try:
        lines = Path("/proc/self/gid_map").read_text().splitlines()
    except FileNotFoundError:  # no Linux, no user namespaces
        return True
    ranges = (map(int, line.split()) for line in lines)
    return any(first <= gid < first + count for first, _, count in ranges)
