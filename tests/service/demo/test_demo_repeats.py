"""The same demo every time, wherever it is made."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date

import pytest
import shapely

from service.demo import WRITTEN, counties

# Changes only when the demo is meant to change. To renew it: the message of the failing test.
AS_WRITTEN = "01e15984d5f98e69319d30c1ab92586d9135f64a44f39a032d9ffc2f1d0bd00d"


def plain(value):
    """The whole of a demo value as JSON can hold it."""
    if isinstance(value, shapely.Polygon):
        return [list(ring.coords) for ring in (value.exterior, *value.interiors)]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def digest(demo):
    text = json.dumps(plain(demo), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def counted(demo):
    return [
        (tenant.slug, member.key, member.name, member.movement, plain(member.home), member.phone)
        for county in demo
        for tenant in county.tenants
        for member in tenant.members
    ]


def test_the_demo_is_what_it_was_when_written(demo):
    assert digest(demo) == AS_WRITTEN


def test_a_second_time_gives_the_same(demo):
    assert counties() == demo


@pytest.mark.parametrize(
    ("today", "season", "began"),
    [
        (date(2027, 7, 1), (4, 10), date(2027, 4, 1)),
        (date(2027, 2, 3), (11, 3), date(2026, 11, 1)),
        (date(2026, 4, 1), (4, 10), date(2026, 4, 1)),
    ],
)
def test_another_day_moves_what_is_recent_and_nothing_else(demo, today, season, began):
    later = counties(today)
    assert counted(later) == counted(demo)
    members = [m for county in later for tenant in county.tenants for m in tenant.members]
    herders = [member for member in members if member.reason == "seasonal_herding"]
    assert {(member.season, member.since) for member in herders} == {(season, began)}
    for before, after in zip(demo, later, strict=True):
        for old, new in zip(before.tenants, after.tenants, strict=True):
            for was, now in zip(old.arrivals, new.arrivals, strict=True):
                assert now.signalled - was.signalled == today - WRITTEN


def test_no_date_lies_in_the_future(tenants):
    for tenant in tenants:
        for member in tenant.members:
            for day in (member.since, member.joined.value, member.born.value):
                assert day is None or day <= WRITTEN
