"""Places typed by hand: each fault at its field, and what would fit instead."""

import pytest
from shapely import box

from geo.coordinates import from_wgs84
from tenants.members.typed_places import Typed, TypedFault, judge_ground, read_typed

GROUND = box(103.595, 40.095, 103.605, 40.105)


@pytest.mark.parametrize(
    ("lon", "lat", "system", "part", "code"),
    [
        ("abc", "40.1", "wgs84", "lon", "unreadable"),
        ("103.6", "x", "wgs84", "lat", "unreadable"),
        ("103.6", "", "wgs84", "lat", "incomplete"),
        ("", "40.1", "wgs84", "lon", "incomplete"),
        ("0", "0", "wgs84", "lon", "zero"),
        ("39512345", "4437000", "wgs84", "lon", "projected"),
        ("40.1", "103.6", "wgs84", "lon", "swapped"),
        ("203.6", "40.1", "wgs84", "lon", "off_earth"),
        ("103.6", "140.1", "wgs84", "lat", "off_earth"),
        ("103.6", "40.1", "", "system", "system_missing"),
        ("103.6", "40.1", "mars", "system", "system_missing"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(lon, lat, system, part, code):
    found = read_typed(lon, lat, system)
    assert isinstance(found, TypedFault)
    assert (found.part, found.code) == (part, code)


def test_blank_needs_no_system_and_full_width_digits_are_read():
    assert read_typed(" ", "", "").is_blank
    assert read_typed("１０３.６", "40.1°", "wgs84") == Typed(103.6, 40.1, "wgs84")


def test_home_or_work_inside_is_enough():
    inside, outside = Typed(103.6, 40.1, "wgs84"), Typed(103.7, 40.1, "wgs84")
    assert judge_ground({"home": outside, "work": inside}, GROUND) is None
    assert judge_ground({"home": inside}, GROUND) is None
    assert judge_ground({"home": Typed(float("nan"), float("nan"), "")}, GROUND) is None
    assert judge_ground({"home": outside}, None) is None


def test_outside_says_how_far_and_marks_the_nearer_place():
    name, fault = judge_ground(
        {"home": Typed(104.6, 40.1, "wgs84"), "work": Typed(103.7, 40.1, "wgs84")}, GROUND
    )
    assert (name, fault.code, fault.fits) == ("work", "outside", "")
    assert fault.metres == pytest.approx(8_100, abs=100)


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_the_system_under_which_it_would_be_inside_is_named(system):
    near_the_edge = (103.5952, 40.0952)
    lon, lat = from_wgs84(*near_the_edge, system)
    edge = box(103.5950, 40.0950, 103.5954, 40.0954)
    _name, fault = judge_ground({"home": Typed(float(lon), float(lat), "wgs84")}, edge)
    assert fault.fits == system


def test_a_pair_that_only_a_swap_brings_inside_says_so():
    here = box(40.0, 40.5, 41.0, 41.5)
    _name, fault = judge_ground({"home": Typed(41.2, 40.2, "wgs84")}, here)
    assert fault.fits == "swapped"


def test_the_raw_numbers_stay_beside_the_place():
    typed = Typed(103.6, 40.1, "gcj02")
    assert typed.wgs84 != (103.6, 40.1)
    assert typed.wgs84 == pytest.approx((103.6, 40.1), abs=0.01)
