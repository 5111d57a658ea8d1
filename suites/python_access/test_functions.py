"""The functions of the schema: each has a typed call with its arguments, returns what it says, and refuses by name."""

import inspect
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from fixtures import sample
from messaging_schema import Call, Identity, Refusal, Session, errors, functions, member, service
from messaging_schema.errors import refusal_of
from messaging_schema.models import (
    CurrentVerification,
    DecryptedSlackConnection,
    SlackConnection,
    VerifiedWhatsappNumber,
)
from suites.python_access.typed import is_of
from suites.python_access.user_code import send_code, usage, verify

pytestmark = pytest.mark.req("1.4")

As = Callable[[Identity], Session]
_NUMBER = "+4915112345678"
_CALLS = [name for name in functions.__all__ if name[0].islower()]
_CONVENTIONS = Path(__file__).parents[2] / "schema" / "CONVENTIONS.md"
# What only the owner and its jobs can meet.
_OWNERS = {"SP103", "SP104", "SP105", "SP301", "SP901", "SP902", "SP903"}


def _examples(tenant: UUID) -> dict[str, tuple[Identity, Call[Any]]]:
    """A good call of each function, and who makes it."""
    back_end, user, number = service(), member(tenant), sample.SHARED_PHONE_NUMBER
    return {
        "check_verification_code": (back_end, functions.check_verification_code(tenant, _NUMBER, "000000")),
        "connect_slack_workspace": (
            back_end,
            functions.connect_slack_workspace(tenant, "T0NEW", "New", "U0BOT", "xoxb-1", scopes=["chat:write"]),
        ),
        "erase_data_subject": (back_end, functions.erase_data_subject(tenant, phone_number=number)),
        "export_data_subject": (
            back_end,
            functions.export_data_subject(tenant, phone_number=number),
        ),
        "find_communication_logs_by_phone_number": (
            back_end,
            functions.find_communication_logs_by_phone_number(tenant, number),
        ),
        "job_problems": (back_end, functions.job_problems()),
        "log_communication": (
            back_end,
            functions.log_communication(tenant, "whatsapp", "outbound", "sent", phone_number=number),
        ),
        "map_slack_user": (
            user,
            functions.map_slack_user(tenant, sample.SHARED_WORKSPACE_ID, "U0PERSON", person_name="Ada"),
        ),
        "queue_webhook_delivery": (
            back_end,
            functions.queue_webhook_delivery(
                tenant, "message.sent", "https://hooks.example.com/x", {"event": "message.sent"}, "sha256=ab"
            ),
        ),
        "request_verification_code": (back_end, functions.request_verification_code(tenant, _NUMBER, code_length=8)),
        "restore": (back_end, functions.restore("tenants", tenant)),
        "search_communication_logs": (user, functions.search_communication_logs({"campaign": "x"}, max_rows=5)),
        "search_slack_user_mappings": (user, functions.search_slack_user_mappings({"team": "x"})),
        "search_verified_whatsapp_numbers": (
            user,
            functions.search_verified_whatsapp_numbers({"team": "x"}, before=datetime.now(UTC)),
        ),
        "soft_delete": (back_end, functions.soft_delete("tenants", tenant)),
        "usage_between": (user, functions.usage_between(date(2020, 1, 1), date(2030, 1, 1))),
    }


@pytest.mark.parametrize("name", _CALLS)
def test_arguments_are_those_of_the_function(db: psycopg.Connection[Any], name: str) -> None:
    query = """
        select p.proargnames[1:p.pronargs], p.pronargdefaults from pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.proname = %s
    """
    ((names, defaults),) = db.execute(query, [name]).fetchall()
    signature = inspect.signature(getattr(functions, name))
    assert list(signature.parameters) == list(names or [])
    given = [each for each in signature.parameters.values() if each.default is inspect.Parameter.empty]
    assert len(signature.parameters) - len(given) == defaults


def test_each_function_of_the_api_has_a_call(db: psycopg.Connection[Any]) -> None:
    query = "select distinct proname from pg_proc where pronamespace = 'public'::regnamespace"
    assert {name for (name,) in db.execute(query)} == set(_CALLS)
    assert set(_examples(uuid4())) == set(_CALLS)


@pytest.mark.parametrize("name", _CALLS)
def test_call_returns_what_it_says(session_of: As, tenants: tuple[UUID, UUID], name: str) -> None:
    identity, call = _examples(tenants[0])[name]
    session = session_of(identity)
    if name == "restore":
        session.call(functions.soft_delete("tenants", tenants[0]))
        call = functions.restore("tenants", tenants[0])
    (kind,) = get_args(get_type_hints(getattr(functions, name))["return"])
    found = session.call(call)
    assert is_of(found, kind), found
    row = get_args(kind)[0] if get_origin(kind) is list else kind
    for each in found if isinstance(found, list) else [found]:
        if row.__name__.endswith("Row"):
            wrong = [(one.name, getattr(each, one.name)) for one in fields(row) if not _fits(each, one.name, row)]
            assert not wrong


def _fits(row: Any, name: str, kind: Any) -> bool:
    return is_of(getattr(row, name), get_type_hints(kind)[name])


def test_rows_found_are_those_of_the_model(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(member(tenants[0]))
    number = session.scalars(select(VerifiedWhatsappNumber)).first()
    assert number is not None
    number.metadata_ = {"floor": 3}
    assert session.call(functions.search_verified_whatsapp_numbers({"floor": 3})) == [number]
    session.commit()
    assert session_of(member(tenants[1])).call(functions.search_verified_whatsapp_numbers({"floor": 3})) == []


def test_messages_found_have_their_columns_in_place(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    logged = functions.log_communication(
        tenants[0], "whatsapp", "inbound", "received", phone_number=_NUMBER, body="Hello", metadata={"campaign": "here"}
    )
    session = session_of(service())
    log_id = session.call(logged)
    session.commit()
    (decrypted,) = session.call(functions.find_communication_logs_by_phone_number(tenants[0], _NUMBER))
    assert (decrypted.communication_log_id, decrypted.phone_number, decrypted.body) == (log_id, _NUMBER, "Hello")
    (found,) = session_of(member(tenants[0])).call(functions.search_communication_logs({"campaign": "here"}))
    assert (found.communication_log_id, found.tenant_id, found.body) == (log_id, tenants[0], "Hello")
    assert (found.channel, found.direction, found.status) == ("whatsapp", "inbound", "received")
    assert session_of(member(tenants[1])).call(functions.search_communication_logs({"campaign": "here"})) == []


def test_right_code_verifies_the_number_once(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    code = send_code(session, tenants[0], _NUMBER)
    session.commit()
    assert code is not None
    pending = select(CurrentVerification).where(CurrentVerification.phone_number == _NUMBER)
    assert session.scalars(pending).one().status == "pending"
    wrong = str((int(code[0]) + 1) % 10) + code[1:]
    answers = []
    for tenant, given in ((tenants[0], wrong), (tenants[1], code), (tenants[0], code), (tenants[0], code)):
        answers.append(verify(session, tenant, _NUMBER, given))
        session.commit()
    assert answers == [False, False, True, False]
    numbers = select(VerifiedWhatsappNumber).where(VerifiedWhatsappNumber.phone_number == _NUMBER)
    assert len(session_of(member(tenants[0])).scalars(numbers).all()) == 1
    assert session_of(member(tenants[1])).scalars(numbers).all() == []


@pytest.mark.parametrize(("number", "status"), [("0151", "invalid_phone_number"), (_NUMBER, "unknown_tenant")])
def test_request_that_makes_no_code_says_why(
    session_of: As, tenants: tuple[UUID, UUID], number: str, status: str
) -> None:
    tenant = tenants[0] if status == "invalid_phone_number" else uuid4()
    answer = session_of(service()).call(functions.request_verification_code(tenant, number))
    assert (answer.status, answer.code) == (status, None)


def test_token_is_written_encrypted_and_read_by_the_back_end_alone(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    connected = functions.connect_slack_workspace(tenants[0], "T0NEW", "New", "U0BOT", "xoxb-of-the-test")
    row_id = session.call(connected)
    session.commit()
    ciphertext = session.scalars(
        select(SlackConnection.bot_token_ciphertext).where(SlackConnection.slack_connection_id == row_id)
    ).one()
    assert b"xoxb" not in ciphertext
    view = select(DecryptedSlackConnection).where(DecryptedSlackConnection.slack_connection_id == row_id)
    assert session.scalars(view).one().bot_token == "xoxb-of-the-test"
    with pytest.raises(DBAPIError) as refusal:
        session_of(member(tenants[0])).scalars(view)
    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)


def test_what_is_not_given_is_left_to_the_schema(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    six = session.call(functions.request_verification_code(tenants[0], _NUMBER)).code
    eight = session.call(functions.request_verification_code(tenants[0], _NUMBER, code_length=8)).code
    assert [len(code or "") for code in (six, eight)] == [6, 8]


def test_usage_is_the_callers(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    today = datetime.now(UTC).date()
    counted = [usage(session_of(member(tenant)), today - timedelta(days=400), today) for tenant in tenants]
    assert all(count >= 0 for count in counted)
    assert usage(session_of(member(uuid4())), today, today) == 0


@pytest.mark.parametrize(
    ("call", "refusal"),
    [
        (functions.export_data_subject(sample.tenant_id(1), phone_number="0151"), errors.InvalidArgument),
        (functions.log_communication(uuid4(), "whatsapp", "inbound", "sent"), errors.NoLiveRow),
        (functions.request_verification_code(sample.tenant_id(1), _NUMBER, code_length=3), errors.InvalidCodeLength),
        (functions.soft_delete("tenants", uuid4()), errors.NoSuchRow),
        (functions.usage_between(date(2026, 1, 2), date(2026, 1, 1)), errors.InvalidPeriod),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_refusal_is_raised_by_its_name(session_of: As, call: Call[Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as raised:
        session_of(service()).call(call)
    assert raised.value.sqlstate == refusal.code
    assert isinstance(raised.value.__cause__, psycopg.Error)


def test_refusal_of_a_trigger_comes_by_its_name_too(session_of: As) -> None:
    session = session_of(service())
    session.add(VerifiedWhatsappNumber(tenant_id=(gone := sample.tenant_id(2)), phone_number=_NUMBER))
    session.flush()
    session.call(functions.soft_delete("tenants", gone))
    session.add(VerifiedWhatsappNumber(tenant_id=gone, phone_number="+4915112345679"))
    with pytest.raises(errors.NoLiveRow):
        session.flush()


def test_codes_are_refused_under_a_higher_isolation_level(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    with pytest.raises(errors.WrongIsolationLevel):
        send_code(session, tenants[0], _NUMBER)


def test_refusals_are_those_of_the_conventions() -> None:
    listed = dict(re.findall(r"^\| (SP\d{3}) \| (.+) \|$", _CONVENTIONS.read_text(encoding="utf-8"), re.MULTILINE))
    known = {kind.code: kind for kind in Refusal.__subclasses__()}
    assert set(known) | _OWNERS == set(listed)
    assert not set(known) & _OWNERS
    for code, kind in known.items():
        assert (kind.__doc__ or "").rstrip(".").lower() == listed[code].lower()


def test_other_errors_are_no_refusals() -> None:
    assert refusal_of(psycopg.errors.UniqueViolation()) is None
    assert refusal_of(ValueError()) is None
    assert refusal_of(None) is None
