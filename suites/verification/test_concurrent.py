"""Thirty-two connections at once: one success, five counted failures, limits that hold, and nobody deadlocked."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import pytest

from fixtures import factories as make
from schemaproof.database import Database
from suites.verification.codes import another_number, check, request_code, verification, wrong
from suites.waiting import await_lock

pytestmark = pytest.mark.req("8.2")

_CALLERS = 32
_ROUNDS = 5

Call = Callable[[psycopg.Connection[Any], int], Any]


@pytest.fixture
def tenant(fresh_db: Database) -> UUID:
    """A tenant that every connection sees."""
    with fresh_db.connect() as connection:
        tenant_id = make.make_tenant(connection)["tenant_id"]
    assert isinstance(tenant_id, UUID)
    return tenant_id


@pytest.fixture
def callers(fresh_db: Database) -> Iterator[list[psycopg.Connection[Any]]]:
    """Connections of the back end, each with its own server process."""
    with ExitStack() as stack:
        yield [stack.enter_context(fresh_db.connect(role="service_role")) for _ in range(_CALLERS)]


@pytest.fixture
def at_once(callers: list[psycopg.Connection[Any]]) -> Iterator[Callable[[Call], list[Any]]]:
    """Run a call on every connection at the same time: `at_once(lambda connection, number: …)`."""
    with ThreadPoolExecutor(_CALLERS) as pool:

        def run(call: Call) -> list[Any]:
            barrier = Barrier(_CALLERS)

            def one(number: int) -> Any:
                barrier.wait(30)
                return call(callers[number], number)

            return [future.result(60) for future in [pool.submit(one, number) for number in range(_CALLERS)]]

        yield run


@pytest.mark.parametrize("_", range(_ROUNDS))
def test_of_all_right_tries_exactly_one_succeeds(
    fresh_db: Database, tenant: UUID, at_once: Callable[[Call], list[str]], _: int
) -> None:
    with fresh_db.connect() as connection:
        number = another_number()
        answer = request_code(connection, tenant, number)
        answers = at_once(lambda caller, _: check(caller, tenant, number, answer.code))
        assert Counter(answers) == {"verified": 1, "rejected": _CALLERS - 1}
        row = verification(connection, answer)
        assert (row["status"], row["failed_attempts"]) == ("verified", 0)
        query = "select count(*) from public.verified_whatsapp_numbers where tenant_id = %s and phone_number = %s"
        assert connection.execute(query, [tenant, number]).fetchone() == (1,)
        query = "select count(*) from private.audit_logs where table_name = 'public.verified_whatsapp_numbers'"
        assert connection.execute(query).fetchone() == (1,)


def test_no_more_than_five_wrong_tries_are_granted_or_counted(
    fresh_db: Database, tenant: UUID, at_once: Callable[[Call], list[str]]
) -> None:
    with fresh_db.connect() as connection:
        number = another_number()
        answer = request_code(connection, tenant, number)
        answers = at_once(lambda caller, _: check(caller, tenant, number, wrong(answer.code)))
        row = verification(connection, answer)
        assert set(answers) == {"rejected"}
        assert (row["status"], row["failed_attempts"]) == ("locked", 5)
        assert check(connection, tenant, number, answer.code) == "rejected"


@pytest.mark.parametrize("wrong_tries", [1, 4])
def test_no_wrong_try_is_lost(
    fresh_db: Database, tenant: UUID, at_once: Callable[[Call], list[str]], wrong_tries: int
) -> None:
    with fresh_db.connect() as connection:
        numbers = [another_number() for _ in range(_CALLERS // wrong_tries)]
        requests = [request_code(connection, tenant, number) for number in numbers]
        tries = [place for place in range(len(numbers)) for _ in range(wrong_tries)]
        at_once(lambda caller, n: check(caller, tenant, numbers[tries[n]], wrong(requests[tries[n]].code)))
        assert [verification(connection, answer)["failed_attempts"] for answer in requests] == [wrong_tries] * len(
            numbers
        )


@pytest.mark.parametrize("_", range(_ROUNDS))
def test_right_and_wrong_tries_mixed_end_in_one_of_the_two_states(
    fresh_db: Database, tenant: UUID, at_once: Callable[[Call], list[str]], _: int
) -> None:
    with fresh_db.connect() as connection:
        number = another_number()
        answer = request_code(connection, tenant, number)
        codes = (answer.code, wrong(answer.code))
        answers = at_once(lambda caller, n: check(caller, tenant, number, codes[n % 2]))
        row = verification(connection, answer)
        succeeded = answers.count("verified")
        assert succeeded == answers[::2].count("verified") == (row["status"] == "verified")
        assert row["failed_attempts"] < 5 if succeeded else (row["status"], row["failed_attempts"]) == ("locked", 5)


@pytest.mark.req("8.3", "5.3")
def test_limit_of_a_number_holds_and_one_code_is_pending(
    fresh_db: Database, tenant: UUID, at_once: Callable[[Call], list[str]]
) -> None:
    number = another_number()
    answers = at_once(lambda caller, _: request_code(caller, tenant, number).status)
    assert Counter(answers) == {"requested": 5, "rate_limited": _CALLERS - 5}
    query = "select status, count(*) from public.whatsapp_verifications where phone_number = %s group by status"
    with fresh_db.connect() as connection:
        assert dict(connection.execute(query, [number]).fetchall()) == {"pending": 1, "superseded": 4}


@pytest.mark.req("8.3")
def test_limit_of_a_tenant_holds(fresh_db: Database, tenant: UUID, at_once: Callable[[Call], list[str]]) -> None:
    with fresh_db.connect() as connection:
        row = make.make_verification(connection, tenant, status="superseded")
        connection.execute(
            "insert into public.whatsapp_verifications (tenant_id, phone_number, code_hash, key_version, status)"
            " select tenant_id, '+49' || n, code_hash, key_version, status"
            " from public.whatsapp_verifications, generate_series(1000, 1988) as n where whatsapp_verification_id = %s",
            [row["whatsapp_verification_id"]],
        )
    numbers = [another_number() for _ in range(_CALLERS)]
    answers = at_once(lambda caller, n: request_code(caller, tenant, numbers[n]).status)
    assert Counter(answers) == {"requested": 10, "rate_limited": _CALLERS - 10}


@pytest.mark.req("8.3", "6.1")
def test_all_that_may_happen_to_a_number_at_once_deadlocks_nobody(
    fresh_db: Database, tenant: UUID, at_once: Callable[[Call], list[str]]
) -> None:
    """Requests, checks, deletions and restores of the tenant by turns: each ends in an answer or a refusal of ours."""
    with fresh_db.connect() as connection:
        numbers = [another_number() for _ in range(4)]
        codes = [request_code(connection, tenant, number).code for number in numbers]
        for number, code in zip(numbers, codes, strict=True):
            check(connection, tenant, number, code)

    def one(caller: psycopg.Connection[Any], n: int) -> set[str | None]:
        sqlstates: set[str | None] = set()
        for turn in range(8):
            number = numbers[(n + turn) % 4]
            try:
                if n == 0:
                    action = b"soft_delete" if turn % 2 == 0 else b"restore"
                    caller.execute(b"select public.%b('tenants', %%s)" % action, [tenant])
                elif n % 2:
                    check(caller, tenant, number, request_code(caller, tenant, number).code)
                else:
                    check(caller, tenant, number, "000000")
            except psycopg.Error as error:
                sqlstates.add(error.sqlstate)
        return sqlstates

    assert set[str | None]().union(*at_once(one)) <= {"SP401", "SP402"}


@pytest.mark.req("6.1")
def test_code_that_is_being_made_goes_with_its_tenant(fresh_db: Database, tenant: UUID) -> None:
    with (
        fresh_db.connect() as watcher,
        fresh_db.connect(role="service_role", autocommit=False) as requesting,
        fresh_db.connect(role="service_role") as deleting,
        ThreadPoolExecutor(1) as pool,
    ):
        answer = request_code(requesting, tenant, another_number())
        waiting = pool.submit(deleting.execute, "select public.soft_delete('tenants', %s)", [tenant])
        await_lock(watcher, deleting.info.backend_pid)
        requesting.commit()
        assert waiting.result(30).fetchone() == (verification(watcher, answer)["deletion_id"],)
