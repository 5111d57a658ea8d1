"""The command line in a process of its own, as a person meets it."""

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["schemaproof"]


def schemaproof(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `schemaproof` with these arguments in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "schemaproof", *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
