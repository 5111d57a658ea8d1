"""Typed access to the messaging schema: models, functions, and sessions under row-level security, sync and async."""

from messaging_schema import errors, functions, models
from messaging_schema.base import Base
from messaging_schema.call import Call
from messaging_schema.engine import create_async_engine, create_engine, tell_refusals
from messaging_schema.errors import Refusal
from messaging_schema.identity import Identity, anon, member, service
from messaging_schema.live import INCLUDE_DELETED
from messaging_schema.session import AsyncSession, Session

__all__ = [
    "INCLUDE_DELETED",
    "AsyncSession",
    "Base",
    "Call",
    "Identity",
    "Refusal",
    "Session",
    "anon",
    "create_async_engine",
    "create_engine",
    "errors",
    "functions",
    "member",
    "models",
    "service",
    "tell_refusals",
]
