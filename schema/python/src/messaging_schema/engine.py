"""Engines for the schema: with psycopg, errors without values, and refusals as exceptions of their own."""

from typing import Any

import psycopg
import sqlalchemy
from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext import asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from messaging_schema.errors import Refusal, refusal_of

__all__ = ["create_async_engine", "create_engine", "tell_refusals"]

_QUOTING = ("22", "23")
"""Classes of SQLSTATEs whose errors quote values: bad data, and broken constraints."""


def create_engine(url: str | URL, **options: Any) -> Engine:
    """Return an engine; see `sqlalchemy.create_engine`.

    Args:
        url: as in DATABASE_URL; its user is the login role, `authenticator` on Supabase, which may become the others.
        options: as SQLAlchemy takes them. `hide_parameters` is on by default: values, which may be secret, stay out of
            errors and logs.
    """
    return tell_refusals(sqlalchemy.create_engine(_with_psycopg(url), **{"hide_parameters": True, **options}))


def create_async_engine(url: str | URL, **options: Any) -> AsyncEngine:
    """Return an engine for asyncio; otherwise as `create_engine`."""
    engine = asyncio.create_async_engine(_with_psycopg(url), **{"hide_parameters": True, **options})
    tell_refusals(engine.sync_engine)
    return engine


def tell_refusals(engine: Engine) -> Engine:
    """Have an engine raise `Refusal` where the schema refuses, and return it.

    Where it hides parameters, DETAIL and CONTEXT of bad data and of broken constraints, which quote rows, go from the
    errors' texts too; what the driver has of them (`error.orig.diag`) stays.
    """
    event.listen(engine, "handle_error", _hide_values)
    event.listen(engine, "handle_error", _refusal, retval=True)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    error, wrapper = context.original_exception, context.sqlalchemy_exception
    hides = context.engine is not None and context.engine.hide_parameters
    if hides and isinstance(error, psycopg.Error) and (error.sqlstate or "")[:2] in _QUOTING:
        whole, error.args = str(error), (error.diag.message_primary,)
        if wrapper is not None:
            wrapper.args = (str(wrapper.args[0]).replace(whole, str(error)),)


def _refusal(context: ExceptionContext) -> Refusal | None:
    return refusal_of(context.original_exception)


def _with_psycopg(url: str | URL) -> URL:
    parsed = make_url(url)
    plain = parsed.drivername in ("postgres", "postgresql")
    return parsed.set(drivername="postgresql+psycopg") if plain else parsed
