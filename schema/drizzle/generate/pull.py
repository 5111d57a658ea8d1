"""drizzle-kit's pull of a database, into a folder that is gone afterwards."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

__all__ = ["PACKAGE", "node_modules", "pull"]

PACKAGE = Path(__file__).parent.parent


def node_modules() -> Path:
    """Return where `npm ci` puts what the package depends on."""
    return PACKAGE / "node_modules"


def pull(url: str) -> str:
    """Return the TypeScript that drizzle-kit writes of the schema `public`.

    Args:
        url: a URL of the database, as node-postgres takes it.

    Raises:
        RuntimeError: drizzle-kit failed; its words are the message, without the URL.
    """
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "drizzle.config.json"
        given = {"dialect": "postgresql", "out": folder, "schemaFilter": ["public"], "dbCredentials": {"url": url}}
        config.touch(mode=0o600)
        config.write_text(json.dumps(given), encoding="utf-8")
        command = [str(node_modules() / ".bin" / "drizzle-kit"), "pull", f"--config={config}"]
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | {"NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        written = Path(folder) / "schema.ts"
        if done.returncode or not written.exists():
            raise RuntimeError(f"drizzle-kit pull failed:\n{done.stdout}{done.stderr}".replace(url, "…"))
        return written.read_text(encoding="utf-8")
