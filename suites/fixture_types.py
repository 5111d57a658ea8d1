"""The types of the fixtures that the suites ask for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import psycopg

from schemaproof.identity import Identity

__all__ = ["ActingAs", "Refused"]

ActingAs = Callable[[Identity], AbstractContextManager[psycopg.Connection[Any]]]
Refused = Callable[[str], AbstractContextManager[None]]
