"""Counting tenants here and now, as the night would."""

from __future__ import annotations

from datetime import date

from tenants.oversight.summaries import summarise_today
from tests.factories.counties import Office


def counted(*offices: Office) -> None:
    """The figures of each are those of this moment."""
    for office in offices:
        with office.acting() as scope:
            summarise_today(scope, date.today())
