# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The view `public.job_health`."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.orm import Mapped, mapped_column

from messaging_schema.base import Base, View

__all__ = ["JobHealth"]


class JobHealth(View, Base):
    """Every job in service with its last run. failed_since and killed_since: the first such end since the last success.
    overdue_since: no success for twice the interval of its schedule. never_run_since: no run for longer than that
    interval after it was registered.
    """

    __tablename__ = "job_health"
    __table_args__ = {"info": {"is_view": True}}  # noqa: RUF012

    job_name: Mapped[str] = mapped_column(Text(), primary_key=True, init=False)
    schedule: Mapped[str] = mapped_column(Text(), init=False)
    expected_every: Mapped[timedelta] = mapped_column(INTERVAL(), init=False)
    last_started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    last_status: Mapped[str | None] = mapped_column(Text(), init=False)
    last_succeeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    last_rows_affected: Mapped[int | None] = mapped_column(BigInteger(), init=False)
    last_error_sqlstate: Mapped[str | None] = mapped_column(Text(), init=False)
    last_error_message: Mapped[str | None] = mapped_column(Text(), init=False)
    failed_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    killed_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    overdue_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
    never_run_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), init=False)
