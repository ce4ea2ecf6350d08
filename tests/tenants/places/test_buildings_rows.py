"""A list of buildings, row by row: what is taken, what not and why."""

from __future__ import annotations

import pytest
from shapely import box, from_wkt
from shapely.geometry import mapping

from geo.coordinates import from_wgs84
from tenants.places.buildings_rows import Row, UnusableList, apart, check_rows, column_of

CENTRE = (112.5, 28.2)
GROUND = box(112.495, 28.196, 112.505, 28.204)


def row(number=1, lon=112.5, lat=28.2, shape=None, **cells):
    return Row(number, {"name": "3号楼", "compound": "清和小区", **cells}, lon, lat, shape)


def codes(*rows, system="wgs84", boundary=GROUND):
    return [fault["code"] for fault in check_rows(rows, system, boundary).faults]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (row(name="", compound=""), "no_name"),
        (row(name="，"), "no_name"),
        (row(name="楼" * 81), "name_too_long"),
        (row(address="路" * 121), "address_too_long"),
        (row(kind="塔"), "unknown_kind"),
        (row(lon=float("nan")), "no_place"),
        (row(lon=None), "unreadable"),
        (row(lon=0.0, lat=0.0), "zero"),
        (row(lon=200.0), "off_earth"),
        (row(lon=112.6), "outside"),
        (row(shape={}), "bad_shape"),
        (row(shape={"type": "LineString", "coordinates": [[1, 2], [3, 4]]}), "bad_shape"),
        (
            row(shape={"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}),
            "bad_shape",
        ),
    ],
)
def test_a_bad_row_is_told_and_the_good_one_taken(bad, code):
    good = [row(2, name="5号楼"), row(3, name="6号楼"), row(4, name="7号楼")]
    checked = check_rows([bad, *good], "wgs84", GROUND)
    assert [(fault["row"], fault["code"]) for fault in checked.faults] == [(1, code)]
    assert [draft.row for draft in checked.drafts] == [2, 3, 4]
    assert checked.rows == len(checked.drafts) + len(checked.faults)


def test_the_same_building_twice_is_told_with_its_first_row():
    checked = check_rows([row(5), row(7, name="三栋")], "wgs84", GROUND)
    assert checked.faults == [{"row": 7, "code": "twice", "values": {"row": 5}}]


def test_a_compound_alone_on_a_line_is_the_compound():
    [draft] = check_rows([row(name="")], "wgs84", GROUND).drafts
    assert (draft.kind, draft.name, draft.compound) == ("compound", "清和小区", "")


@pytest.mark.parametrize("system", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_points_and_outlines_become_wgs84_and_the_raw_numbers_stay(system):
    lon, lat = (float(each) for each in from_wgs84(*CENTRE, system))
    [draft] = check_rows([row(lon=lon, lat=lat)], system, GROUND).drafts
    assert (draft.x, draft.y) == (lon, lat)
    assert (draft.lon, draft.lat) == pytest.approx(CENTRE, abs=1e-7)
    outline = mapping(box(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4))
    [drawn] = check_rows([row(shape=outline)], system, GROUND).drafts
    middle = from_wkt(drawn.footprint).centroid
    assert (middle.x, middle.y) == pytest.approx(CENTRE, abs=1e-6)
    assert (drawn.lon, drawn.lat) == pytest.approx(CENTRE, abs=1e-6)


def test_another_system_that_fits_better_is_doubted_and_nothing_converted():
    places = [from_wgs84(112.4975 + n / 1000, 28.1975, "bd09") for n in range(6)]
    rows = [row(n, float(x), float(y), name=f"{n}号楼") for n, (x, y) in enumerate(places, 1)]
    checked = check_rows(rows, "wgs84", GROUND)
    assert "bd09" in checked.doubt["systems"]
    assert checked.doubt["inside_better"] == 6
    assert check_rows(rows, "bd09", GROUND).doubt == {}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "empty"),
        ([row(n, 28.2, 112.5) for n in range(3)], "swapped"),
        ([row(n, 450_000.0, 3_120_000.0) for n in range(3)], "projected"),
    ],
)
def test_a_misread_file_is_refused_as_a_whole(rows, code):
    with pytest.raises(UnusableList) as raised:
        check_rows(rows, "wgs84", GROUND)
    assert raised.value.code == code


def test_what_is_registered_is_set_apart_with_the_metres_between():
    checked = check_rows([row(1), row(2, name="5号楼")], "wgs84", GROUND)
    key = ("清和小区", "3号楼")
    fresh, faults = apart(checked, {key: CENTRE})
    assert [draft.name for draft in fresh] == ["5号楼"]
    assert [fault["code"] for fault in faults] == ["known"]
    _fresh, [fault] = apart(checked, {key: (112.5, 28.2009)})
    assert fault["code"] == "known_elsewhere"
    assert fault["values"]["metres"] == pytest.approx(100, abs=1)


@pytest.mark.parametrize(
    ("heading", "column"),
    [("名称", "name"), ("小 区", "compound"), ("经度(度)", "lon"), ("LNG", "lon"), ("姓名", None)],
)
def test_headings_are_known_by_their_words(heading, column):
    assert column_of(heading) == column
