"""Usage counted again in Python from the rows themselves, as the tests' second opinion."""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

__all__ = ["Usage", "recount", "refresh", "stored", "usage_between"]

Connection = psycopg.Connection[Any]


class Usage(NamedTuple):
    """What public.usage_between answers, in its order."""

    whatsapp_messages: int = 0
    slack_messages: int = 0
    failed_messages: int = 0
    verifications_requested: int = 0
    verifications_succeeded: int = 0
    webhooks_delivered: int = 0
    webhooks_exhausted: int = 0

    def plus(self, other: "Usage") -> "Usage":
        """Add up two."""
        return Usage(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def recount(connection: Connection) -> dict[tuple[UUID, date], Usage]:
    """Count every row there is, by tenant and day in UTC; days without any are left out."""
    usage: defaultdict[tuple[UUID, date], Usage] = defaultdict(Usage)
    for tenant, at, channel, status in connection.execute(
        "select tenant_id, created_at, channel, status from public.communication_logs"
    ):
        one = Usage(channel == "whatsapp", channel == "slack", status == "failed")
        usage[tenant, _day(at)] = usage[tenant, _day(at)].plus(one)
    for tenant, at, status in connection.execute(
        "select tenant_id, created_at, status from public.whatsapp_verifications"
    ):
        one = Usage(verifications_requested=1, verifications_succeeded=status == "verified")
        usage[tenant, _day(at)] = usage[tenant, _day(at)].plus(one)
    for tenant, at, status in connection.execute("select tenant_id, created_at, status from public.webhook_deliveries"):
        one = Usage(webhooks_delivered=status == "delivered", webhooks_exhausted=status == "exhausted")
        usage[tenant, _day(at)] = usage[tenant, _day(at)].plus(one)
    return {key: found for key, found in usage.items() if any(found)}


def refresh(connection: Connection, from_day: date | str | None, to_day: date | str | None) -> int:
    """Count days, as the job does, and return how many rows that wrote."""
    row = connection.execute("select private.refresh_usage(%s, %s)", [from_day, to_day]).fetchone()
    assert row is not None
    return int(row[0])


def stored(connection: Connection) -> dict[tuple[UUID, date], Usage]:
    """Return the live rows of the statistics."""
    columns = ", ".join(Usage._fields)
    query = f"select tenant_id, day, {columns} from public.usage_statistics where deleted_at is null"
    return {(tenant, day): Usage(*counts) for tenant, day, *counts in connection.execute(query.encode())}


def usage_between(connection: Connection, from_day: object, to_day: object, *tenant: object) -> Usage:
    """Ask for a period's usage."""
    places = ", ".join(["%s"] * (2 + len(tenant)))
    row = connection.execute(
        f"select * from public.usage_between({places})".encode(), [from_day, to_day, *tenant]
    ).fetchone()
    assert row is not None
    return Usage(*row)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
