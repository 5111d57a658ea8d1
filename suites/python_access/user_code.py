"""A service's code against the package, as its users write it: `mypy --strict` checks it, and the suite runs it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from messaging_schema import AsyncSession, Session, functions
from messaging_schema.models import (
    CommunicationLog,
    DecryptedSlackConnection,
    SlackConnection,
    SlackUserMapping,
    VerifiedWhatsappNumber,
)

__all__ = [
    "bot_token",
    "first_messages",
    "map_person",
    "newest_numbers",
    "people_by_workspace",
    "send_code",
    "usage",
    "verify",
]


def newest_numbers(session: Session, tenant_id: UUID) -> list[tuple[str, datetime]]:
    """List a tenant's numbers, newest first."""
    query = (
        select(VerifiedWhatsappNumber)
        .where(VerifiedWhatsappNumber.tenant_id == tenant_id)
        .order_by(VerifiedWhatsappNumber.created_at.desc())
    )
    return [(number.phone_number, number.created_at) for number in session.scalars(query)]


def people_by_workspace(session: Session) -> dict[str, list[str | None]]:
    """Tell who is known in each connected workspace."""
    query = select(SlackConnection).options(selectinload(SlackConnection.slack_user_mappings))
    return {
        each.workspace_id: [person.person_name for person in each.slack_user_mappings]
        for each in session.scalars(query)
    }


def map_person(session: Session, connection: SlackConnection, slack_user_id: str, name: str) -> SlackUserMapping:
    """Say who a Slack user is."""
    mapping = SlackUserMapping(
        tenant_id=connection.tenant_id,
        slack_connection_id=connection.slack_connection_id,
        workspace_id=connection.workspace_id,
        slack_user_id=slack_user_id,
        person_name=name,
        metadata_={"source": "hand"},
    )
    session.add(mapping)
    session.flush()
    return mapping


def send_code(session: Session, tenant_id: UUID, phone_number: str) -> str | None:
    """Request a code and return it, if there is one."""
    answer = session.call(functions.request_verification_code(tenant_id, phone_number))
    return answer.code if answer.status == "requested" else None


def verify(session: Session, tenant_id: UUID, phone_number: str, code: str) -> bool:
    """Tell whether the code is right."""
    return session.call(functions.check_verification_code(tenant_id, phone_number, code)) == "verified"


def usage(session: Session, first: date, last: date) -> int:
    """Count a tenant's messages of a period."""
    counted = session.call(functions.usage_between(first, last))
    return counted.whatsapp_messages + counted.slack_messages


async def bot_token(session: AsyncSession, tenant_id: UUID, workspace_id: str) -> str | None:
    """Return the token that a workspace is spoken to with."""
    query = select(DecryptedSlackConnection.bot_token).where(
        DecryptedSlackConnection.tenant_id == tenant_id, DecryptedSlackConnection.workspace_id == workspace_id
    )
    return await session.scalar(query)


async def first_messages(session: AsyncSession, limit: int) -> tuple[int, Sequence[CommunicationLog]]:
    """Return how many messages there are, and the oldest of them."""
    count = await session.scalar(select(func.count()).select_from(CommunicationLog))
    found = await session.scalars(select(CommunicationLog).order_by(CommunicationLog.created_at).limit(limit))
    return count or 0, found.all()
