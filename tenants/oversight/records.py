"""What was counted of a tenant on a day: numbers only, for the offices above and for the trend."""

from datetime import date, datetime

from sqlalchemy import Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, db, now


class CountSnapshot(Overseen, db.Model):  # type: ignore[name-defined]
    """One tenant's figures of one day, counted again as long as the day lasts.

    `counted_at` long after `day` means: worked out later, from what was known by then. People:
    see `oversight.counting.FourCounts`. departed, returned, arrived: episodes that began or ended
    since the first of the month. `overdue`: members whose contact is overdue; None where the rule
    pack asks for none. `served_since`: the first day a contact counts from. letters_near_expiry,
    branches_without_liaison: None on days that were counted before there were such registers.
    """

    __tablename__ = "count_snapshot"
    __table_args__ = (
        Index("uq_count_snapshot_day", "tenant_id", "day", unique=True),
        Index("ix_count_snapshot_area", "area", "day"),
    )

    day: Mapped[date]
    counted_at: Mapped[datetime] = mapped_column(server_default=now())
    served_since: Mapped[date]
    affiliated: Mapped[int]
    outflow: Mapped[int]
    outside: Mapped[int]
    untraced: Mapped[int]
    elsewhere: Mapped[int]
    inflow: Mapped[int]
    present: Mapped[int]
    present_unsaid: Mapped[int]
    served: Mapped[int]
    reported_in: Mapped[int]
    departed: Mapped[int]
    returned: Mapped[int]
    arrived: Mapped[int]
    waiting: Mapped[int]
    unserved: Mapped[int]
    oldest_unserved_days: Mapped[int | None]
    overdue: Mapped[int | None]
    requests_open: Mapped[int]
    oldest_request_days: Mapped[int | None]
    letters_near_expiry: Mapped[int | None]
    branches: Mapped[int] = mapped_column(SmallInteger)
    branches_below_three: Mapped[int] = mapped_column(SmallInteger)
    branches_above_fifty: Mapped[int] = mapped_column(SmallInteger)
    branches_without_officer: Mapped[int] = mapped_column(SmallInteger)
    branches_without_liaison: Mapped[int | None] = mapped_column(SmallInteger)
    cells: Mapped[int] = mapped_column(SmallInteger)
    cells_without_leader: Mapped[int] = mapped_column(SmallInteger)
    stations: Mapped[int] = mapped_column(SmallInteger)
