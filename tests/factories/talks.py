"""Addresses to call at, and members who reported themselves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tenants.arrivals.reports.actions import put_letter_out, take_report
from tenants.arrivals.reports.lookups import reports
from tenants.arrivals.reports.rules import Facts
from tenants.arrivals.talks.actions import put_on_the_list
from tests.factories.counties import Community

DAY = date(2026, 11, 21)


def an_address(community: Community, words: str = "虚构路 1 号") -> UUID:
    """An address on the list of first talks."""
    with community.acting() as scope:
        return put_on_the_list(scope, None, words, DAY)


def a_self_report(community: Community, **differs: object) -> UUID:
    """A report that waits, through a letter that is out."""
    facts = {
        "name": "虚构自报",
        "phone": "19911112222",
        "address": "虚构路 2 号",
        "from_place": "虚构省虚构县",
        "arrived_on": date(2026, 10, 1),
        "joined_on": None,
    }
    with community.acting() as scope:
        take_report(scope, put_letter_out(scope), Facts(**{**facts, **differs}))  # type: ignore[arg-type]
        return reports(scope)[-1].id
