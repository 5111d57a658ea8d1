"""Projects in Git repositories, changed as pull requests change them."""

import os
import subprocess
from pathlib import Path

import pytest

_WHO = {f"GIT_{role}_{what}": "someone@example.test" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Repository:
    """A Git repository; what is written in `root` is committed by `commit`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=os.environ | _WHO | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, message: str = "change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(clinic: Path) -> Repository:
    """The healthy schema of clinics in a repository, committed on `main`; without files that a change must renew."""
    settings = clinic / "schemaproof.toml"
    lines = settings.read_text().splitlines()
    settings.write_text("\n".join(line for line in lines if not line.startswith(("snapshot", "sample"))))
    found = Repository(clinic)
    found.commit("base")
    return found


def add_migration(root: Path, name: str, up: str, down: str = "select 1;\n") -> None:
    """Write a migration and its rollback into a project with folders `migrations` and `rollbacks`."""
    (root / "migrations" / name).write_text(up)
    (root / "rollbacks" / name).write_text(down)
