"""The same for asyncio: an identity for each session, soft deletion, the functions, and refusals."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, func, select, text
from sqlalchemy.exc import IntegrityError, PendingRollbackError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from messaging_schema import INCLUDE_DELETED, AsyncSession, create_async_engine, errors, functions, member, service
from messaging_schema.models import SlackConnection, SlackUserMapping, Tenant, VerifiedWhatsappNumber
from suites.python_access.user_code import bot_token, first_messages

pytestmark = pytest.mark.req("1.4")


def _run(url: URL, story: Callable[..., Awaitable[None]], *arguments: object) -> None:
    """Run a story with an engine of one connection."""

    async def tell() -> None:
        engine = create_async_engine(url, pool_size=1, max_overflow=0)
        try:
            await story(engine, *arguments)
        finally:
            await engine.dispose()

    asyncio.run(tell())


def test_each_session_is_its_identitys(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        for tenant in tenants:
            async with AsyncSession(engine, member(tenant)) as session, session.begin():
                assert session.identity == member(tenant)
                assert {row.tenant_id for row in await session.scalars(select(Tenant))} == {tenant}
                assert {row.tenant_id for row in await session.scalars(select(SlackUserMapping))} == {tenant}
        async with engine.connect() as connection:
            assert await connection.scalar(text("select current_user::text")) == "authenticator"

    _run(url, story)


def test_row_is_inserted_and_what_the_database_made_is_there(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, member(tenants[0])) as session:
            connection = (await session.scalars(select(SlackConnection).limit(1))).one()
            mapping = SlackUserMapping(
                tenant_id=tenants[0],
                slack_connection_id=connection.slack_connection_id,
                workspace_id=connection.workspace_id,
                slack_user_id="U0PERSON",
            )
            session.add(mapping)
            await session.commit()
            made = mapping.updated_at
            mapping.person_name = "Ada"
            await session.commit()
            assert mapping.updated_at > made >= mapping.created_at

    _run(url, story)


def test_row_is_deleted_softly_and_restored(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, service()) as session, session.begin():
            number = (await session.scalars(select(VerifiedWhatsappNumber).limit(1))).one()
            count = select(func.count()).select_from(VerifiedWhatsappNumber)
            before = (await session.scalars(count)).one()
            deletion = await session.soft_delete(number)
            assert number not in session
            assert await session.scalar(count) == before - 1
            everything = await session.scalars(select(VerifiedWhatsappNumber), execution_options=INCLUDE_DELETED)
            again = next(each for each in everything if each.deletion_id == deletion)
            assert again.deleted_at is not None
            assert (await session.scalars(count, execution_options=INCLUDE_DELETED)).one() >= before
            row_id = number.verified_whatsapp_number_id
            assert await session.restore(VerifiedWhatsappNumber, row_id, tenant_id=number.tenant_id) == 1
            assert again.deleted_at is None
            assert await session.scalar(count) == before

    _run(url, story)


def test_code_is_requested_and_checked(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, service()) as session:
            answer = await session.call(functions.request_verification_code(tenants[0], "+4915112345678"))
            await session.commit()
            check = functions.check_verification_code(tenants[0], "+4915112345678", answer.code or "")
            answers = []
            for _ in range(2):
                answers.append(await session.call(check))
                await session.commit()
            assert answers == ["verified", "rejected"]

    _run(url, story)


def test_token_is_written_encrypted_and_read(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, service()) as session, session.begin():
            await session.call(functions.connect_slack_workspace(tenants[0], "T0NEW", "New", "U0BOT", "xoxb-here"))
            assert await bot_token(session, tenants[0], "T0NEW") == "xoxb-here"
            assert await bot_token(session, tenants[1], "T0NEW") is None
        async with AsyncSession(engine, member(tenants[0])) as session:
            count, messages = await first_messages(session, 2)
            assert (count > 2, len(messages)) == (True, 2)

    _run(url, story)


def test_refusal_is_raised_by_its_name(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, service()) as session:
            with pytest.raises(errors.NoSuchRow):
                await session.call(functions.soft_delete("tenants", uuid4()))

    _run(url, story)


def test_failed_transaction_is_not_committed_silently(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, service()) as session:
            with pytest.raises(errors.NoSuchRow):
                await session.call(functions.soft_delete("tenants", uuid4()))
            with pytest.raises(PendingRollbackError):
                await session.commit()

    _run(url, story)


def test_values_of_rows_stay_out_of_errors(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, service()) as session:
            number = (await session.scalars(select(VerifiedWhatsappNumber).limit(1))).one()
            taken = number.phone_number
            session.add(VerifiedWhatsappNumber(tenant_id=number.tenant_id, phone_number=taken))
            with pytest.raises(IntegrityError) as error:
                await session.flush()
            assert taken not in f"{error.value} {error.value.orig}"

    _run(url, story)


def test_connection_that_comes_to_commit_each_statement_is_refused(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, member(tenants[0])) as session:
            with pytest.raises(RuntimeError):
                await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})

    _run(url, story)


def test_parameters_stay_out_of_errors(url: URL) -> None:
    async def story(engine: AsyncEngine) -> None:
        async with AsyncSession(engine, service()) as session:
            with pytest.raises(ProgrammingError) as error:
                await session.execute(text("select no_such_function(:secret)"), {"secret": "xoxb-1"})
            assert "xoxb-1" not in str(error.value)

    _run(url, story)


def test_sessions_at_once_do_not_take_each_others_identity(url: URL, tenants: tuple[UUID, UUID]) -> None:
    async def story(_: AsyncEngine) -> None:
        engine = create_async_engine(url, pool_size=4, max_overflow=0)

        async def seen(tenant: UUID) -> set[UUID]:
            async with AsyncSession(engine, member(tenant)) as session:
                await session.execute(text("select pg_sleep(0.001)"))
                return {row.tenant_id for row in await session.scalars(select(SlackConnection))}

        asked = [tenants[number % 2] for number in range(40)]
        assert await asyncio.gather(*map(seen, asked)) == [{tenant} for tenant in asked]
        await engine.dispose()

    _run(url, story)
