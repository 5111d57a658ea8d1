"""Sessions that ask as somebody, see live rows only, and call the functions of the schema; sync and async."""

from collections.abc import Collection
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from psycopg.pq import TransactionStatus
from sqlalchemy import ColumnElement, Connection, Engine, and_, event, func, inspect, literal, orm, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.ext import asyncio
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import SessionTransaction

from messaging_schema import functions
from messaging_schema.base import SoftDeletable, SoftDeleted
from messaging_schema.call import Call
from messaging_schema.identity import Identity
from messaging_schema.live import BY_KEY, leave_out_deleted

__all__ = ["AsyncSession", "Session"]

Returned = TypeVar("Returned")


class Session(orm.Session):
    """A session whose every transaction runs as one identity: its role, its claims, its settings, until it ends.

    Queries of models leave out what is deleted softly; UPDATE and DELETE of models pass it by.
    """

    def __init__(self, bind: Engine | Connection, identity: Identity, **options: Any) -> None:
        super().__init__(bind, **options)
        self._identity = identity
        self._begun: Connection | None = None  # what the transaction runs on

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
        """Delete a row softly, with what hangs on it, and return the deletion.

        To the session they are all deleted, as by `delete` and a flush: a rollback gives them back.
        """
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
        for model_of, loaded in self._loaded().items():
            if deleted := [key for key, row in loaded.items() if inspect(row).dict.get("deleted_at")]:
                live = select(model_of).where(_is_live_one_of(model_of, deleted))
                self.scalars(live, execution_options={"populate_existing": True}).all()
        return restored

    def delete(self, instance: object) -> None:
        """Refuse to delete a row for good, as an object: `execute(delete(Model).where(…))` does."""
        if isinstance(instance, SoftDeleted):
            raise TypeError(f"{type(instance).__name__} is deleted softly: call soft_delete, or execute delete().")
        super().delete(instance)

    def bulk_update_mappings(self, *_: object) -> NoReturn:
        """Refuse to update rows of which nothing but the key is known."""
        raise TypeError(f"{BY_KEY}.")

    def _let_go(self) -> None:
        """Take what was loaded and is not live any more as deleted."""
        for model, loaded in self._loaded().items():
            live = select(*_key(model)).where(_is_live_one_of(model, loaded))
            gone = loaded.keys() - {tuple(found) for found in self.execute(live)}
            self._remove_newly_deleted([inspect(loaded[key]) for key in gone])  # what a flush does after its DELETE

    def _loaded(self) -> dict[Any, dict[tuple[Any, ...], SoftDeleted]]:
        """The session's rows, by model and key."""
        loaded: dict[Any, dict[tuple[Any, ...], SoftDeleted]] = {}
        for row in self.identity_map.values():
            if isinstance(row, SoftDeleted):
                loaded.setdefault(type(row), {})[inspect(row).identity] = row
        return loaded


class AsyncSession(asyncio.AsyncSession):
    """`Session` for asyncio. Attributes stay loaded after a commit, since reading one may not wait."""

    sync_session_class = Session

    def __init__(self, bind: AsyncEngine | AsyncConnection, identity: Identity, **options: Any) -> None:
        super().__init__(bind, identity=identity, **{"expire_on_commit": False, **options})

    @property
    def identity(self) -> Identity:
        """Who the session is, for good: another identity takes another session."""
        return self._session.identity

    async def call(self, call: Call[Returned]) -> Returned:
        """Call a function of the schema; what is pending is written before."""
        return await self.run_sync(lambda _: self._session.call(call))

    async def soft_delete(self, row: SoftDeletable) -> UUID:
        """Delete a row softly, with what hangs on it, and return the deletion."""
        return await self.run_sync(lambda _: self._session.soft_delete(row))

    async def restore(self, model: type[SoftDeletable], row_id: UUID, *, tenant_id: UUID | None = None) -> int:
        """Restore the deletion of a row, and return how many rows that brought back."""
        return await self.run_sync(lambda _: self._session.restore(model, row_id, tenant_id=tenant_id))

    @property
    def _session(self) -> Session:
        assert isinstance(self.sync_session, Session)
        return self.sync_session


def _key(model: Any) -> list[Any]:
    mapper = inspect(model)
    return [mapper.get_property_by_column(column).class_attribute for column in mapper.primary_key]


def _is_live_one_of(model: Any, keys: Collection[tuple[Any, ...]]) -> ColumnElement[bool]:
    """Return the condition that a row is live and has one of the keys: any number of them, in an array a column."""
    key = _key(model)
    arrays = [
        literal(list(each), ARRAY(column.type)) for column, each in zip(key, zip(*keys, strict=True), strict=True)
    ]
    given = func.unnest(*arrays).table_valued(*(column.name for column in key)).render_derived()
    return and_(model.deleted_at.is_(None), tuple_(*key).in_(select(*given.c)))


event.listen(Session, "do_orm_execute", leave_out_deleted)


@event.listens_for(Session, "after_begin")
def _put_on(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Make the transaction the identity's. A savepoint is within one that is already."""
    if transaction.nested:
        return
    if getattr(connection.connection.dbapi_connection, "autocommit", False):
        raise RuntimeError("The engine commits each statement by itself: a role and claims hold for a transaction.")
    settings = session.identity.transaction.items()
    connection.execute(select(*(func.set_config(name, value, True) for name, value in settings)))
    session._begun = connection


@event.listens_for(Session, "before_commit")
def _refuse_to_lose(session: Session) -> None:
    """Refuse to commit what has failed: PostgreSQL answers that with a ROLLBACK, and psycopg says nothing of it."""
    begun = session._begun
    if begun is None or begun.closed or begun.invalidated:
        return
    driver: Any = begun.connection.driver_connection
    if driver.info.transaction_status == TransactionStatus.INERROR:
        raise PendingRollbackError(
            "An error that was caught has failed the transaction: nothing of it can be committed. Roll it back, and "
            "catch what may fail around a savepoint: `with session.begin_nested()`."
        )
