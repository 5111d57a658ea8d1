"""Sessions that ask as somebody, see live rows only, and call the functions of the schema; sync and async."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, event, func, inspect, orm, select, tuple_
from sqlalchemy.ext import asyncio
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria

from messaging_schema import functions
from messaging_schema.base import SoftDeletable, SoftDeleted
from messaging_schema.call import Call
from messaging_schema.identity import Identity

__all__ = ["INCLUDE_DELETED", "AsyncSession", "Session"]

Returned = TypeVar("Returned")

INCLUDE_DELETED = {"include_deleted": True}
"""Execution options of a query that is to find what is deleted softly too, where the identity may see it."""

_LIVE = with_loader_criteria(SoftDeleted, lambda model: model.deleted_at.is_(None), include_aliases=True)


class Session(orm.Session):
    """A session whose every transaction runs as one identity: its role, its claims, its settings, until it ends.

    Queries of models leave out what is deleted softly; UPDATE and DELETE of models pass it by.
    """

    def __init__(self, bind: Engine | Connection, identity: Identity, **options: Any) -> None:
        super().__init__(bind, **options)
        self._identity = identity

    @property
    def identity(self) -> Identity:
        """Who the session is, for good: another identity takes another session."""
        return self._identity

    def call(self, call: Call[Returned]) -> Returned:
        """Call a function of the schema; what is pending is written before."""
        if self.autoflush:
            self.flush()
        return call.read(self.execute(call.statement))

    def soft_delete(self, row: SoftDeletable) -> UUID:
        """Delete a row softly, with what hangs on it, and return the deletion; the session lets go of them all."""
        self.flush()
        state = inspect(row)
        if state.identity is None:
            raise ValueError(f"{row!r} is not in the database: add it to the session first.")
        tenant_id, row_id = state.identity[0], state.identity[-1]  # a tenant's id is both
        deletion = self.call(functions.soft_delete(state.mapper.local_table.name, row_id, tenant_id=tenant_id))
        self._let_go()
        return deletion

    def restore(self, model: type[SoftDeletable], row_id: UUID, *, tenant_id: UUID | None = None) -> int:
        """Restore the deletion of a row, and return how many rows that brought back.

        Args:
            tenant_id: whose row it is; a member's is that of the token.
        """
        restored = self.call(functions.restore(inspect(model).local_table.name, row_id, tenant_id=tenant_id))
        for row in [row for row in self if isinstance(row, SoftDeleted) and row.deleted_at]:
            self.refresh(row)
        return restored

    def delete(self, instance: object) -> None:
        """Refuse to delete a row for good, as an object: `execute(delete(Model).where(…))` does."""
        if isinstance(instance, SoftDeleted):
            raise TypeError(f"{type(instance).__name__} is deleted softly: call soft_delete, or execute delete().")
        super().delete(instance)

    def _let_go(self) -> None:
        """Expunge what was loaded and is deleted now."""
        for model in {type(row) for row in self if isinstance(row, SoftDeleted)}:
            mapper = inspect(model)
            loaded = {inspect(row).identity: row for row in self if type(row) is model}
            key = [mapper.get_property_by_column(column).class_attribute for column in mapper.primary_key]
            live = {tuple(found) for found in self.execute(select(*key).where(tuple_(*key).in_(list(loaded))))}
            for identity in loaded.keys() - live:
                self.expunge(loaded[identity])


class AsyncSession(asyncio.AsyncSession):
    """`Session` for asyncio. Attributes stay loaded after a commit, since reading one may not wait."""

    sync_session_class = Session

    def __init__(self, bind: AsyncEngine | AsyncConnection, identity: Identity, **options: Any) -> None:
        super().__init__(bind, identity=identity, **{"expire_on_commit": False, **options})

    async def call(self, call: Call[Returned]) -> Returned:
        """Call a function of the schema; what is pending is written before."""
        return await self.run_sync(lambda _: self._session.call(call))

    async def soft_delete(self, row: SoftDeletable) -> UUID:
        """Delete a row softly, with what hangs on it, and return the deletion; the session lets go of them all."""
        return await self.run_sync(lambda _: self._session.soft_delete(row))

    async def restore(self, model: type[SoftDeletable], row_id: UUID, *, tenant_id: UUID | None = None) -> int:
        """Restore the deletion of a row, and return how many rows that brought back."""
        return await self.run_sync(lambda _: self._session.restore(model, row_id, tenant_id=tenant_id))

    @property
    def _session(self) -> Session:
        assert isinstance(self.sync_session, Session)
        return self.sync_session


@event.listens_for(Session, "after_begin")
def _put_on(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Make the transaction the identity's. A savepoint is within one that is already."""
    if transaction.nested:
        return
    if getattr(connection.connection.dbapi_connection, "autocommit", False):
        raise RuntimeError("The engine commits each statement by itself: a role and claims hold for a transaction.")
    settings = session.identity.transaction.items()
    connection.execute(select(*(func.set_config(name, value, True) for name, value in settings)))


@event.listens_for(Session, "do_orm_execute")
def _leave_out_deleted(state: ORMExecuteState) -> None:
    asked = state.is_orm_statement and not state.is_column_load and not state.is_relationship_load
    if asked and not state.is_insert and not state.execution_options.get("include_deleted"):
        state.statement = state.statement.options(_LIVE)
