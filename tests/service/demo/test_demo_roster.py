"""The roster to try an import with, read back as an import would."""

import csv
import io

import pytest
import shapely

from geo.coordinates import to_wgs84
from service.demo.roster import (
    BAD_ROWS,
    COMMUNITY,
    HEADER,
    PEOPLE,
    PLACELESS_ROW,
    inflow_roster,
)


@pytest.fixture(scope="module")
def lines():
    text = inflow_roster().decode("gb18030")
    header, *rows = csv.reader(io.StringIO(text))
    assert tuple(header) == HEADER
    return {number: dict(zip(header, row, strict=True)) for number, row in enumerate(rows, start=2)}


def inside(line, boundary, system):
    lon, lat = to_wgs84(float(line["经度"]), float(line["纬度"]), system)
    return boundary.contains(shapely.Point(float(lon), float(lat)))


def test_twelve_people_of_whom_two_cannot_be_right(lines):
    assert len(lines) == PEOPLE == 12
    assert len(BAD_ROWS) == 2
    for number, line in lines.items():
        swapped = line["纬度"] != "" and float(line["纬度"]) > 90
        impossible = line["出生日期"].endswith("-02-30")
        assert (swapped or impossible) == (number in BAD_ROWS)


def test_it_is_neither_utf8_nor_the_same_twice_over():
    content = inflow_roster()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content == inflow_roster()


def test_read_as_gcj02_the_good_rows_lie_in_the_community_and_read_as_wgs84_they_move(
    lines, district
):
    boundary = district.tenant(COMMUNITY).boundary
    good = [
        line for number, line in lines.items() if number not in BAD_ROWS and number != PLACELESS_ROW
    ]
    assert len(good) == 9
    assert all(inside(line, boundary, "gcj02") for line in good)
    assert sum(inside(line, boundary, "wgs84") for line in good) < len(good)


def test_one_person_has_no_place_at_all(lines):
    assert [number for number, line in lines.items() if line["经度"] == ""] == [PLACELESS_ROW]


def test_nobody_of_the_roster_is_in_the_register_yet(lines, tenants):
    registered = {member.phone for tenant in tenants for member in tenant.members}
    phones = {line["联系电话"] for line in lines.values()}
    assert len(phones) == PEOPLE
    assert not phones & registered
