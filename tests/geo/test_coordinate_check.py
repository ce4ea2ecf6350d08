"""The detector names a better reading, and stays silent when the declared one is right."""

import numpy as np
import pytest
import shapely

from geo.coordinate_check import check_coordinates, swapped_by_range
from geo.coordinates import UnknownSystem, from_wgs84

# Invented community, about 1.1 by 1.0 km, in Fuyun's latitude.
BOUNDARY = shapely.box(89.520, 46.990, 89.534, 46.999)


def people(count, seed=7, boundary=BOUNDARY):
    west, south, east, north = boundary.bounds
    draw = np.random.default_rng(seed)
    return draw.uniform(west, east, count), draw.uniform(south, north, count)


@pytest.mark.parametrize("true_system", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "bd09", "cgcs2000"])
def test_names_the_system_that_fits_and_only_when_it_is_another(true_system, declared):
    lon, lat = from_wgs84(*people(40), true_system)
    check = check_coordinates(lon, lat, BOUNDARY, declared)
    same = true_system == declared or (true_system, declared) == ("wgs84", "cgcs2000")
    assert check.better_system == (None if same else true_system)
    assert check.points == 40
    assert (check.inside == 40) is same
    assert not check.looks_projected
    assert not check.looks_swapped


@pytest.mark.parametrize("true_system", ["wgs84", "gcj02", "bd09"])
def test_swapped_columns_are_seen_under_every_system(true_system):
    lon, lat = from_wgs84(*people(10), true_system)
    check = check_coordinates(lat, lon, BOUNDARY, "wgs84")
    assert check.looks_swapped
    assert check.better_system is None
    assert [(r.system, r.swapped) for r in check.better] == [(true_system, True)]
    assert check.swapped == 10


def test_swapped_columns_of_another_place_are_seen_by_their_range():
    check = check_coordinates([31.2, 31.3, 31.4], [121.4, 121.5, 121.6], BOUNDARY, "wgs84")
    assert check.better == ()
    assert check.looks_swapped


@pytest.mark.parametrize(
    ("x", "y", "fits"),
    [
        ([463870.0, 464020.0, 464250.5], [5206690.0, 5206577.0, 5206909.0], "gk-90"),
        ([38463500.0] * 3, [5205100.0] * 3, None),
        ([9965000.0] * 3, [5937000.0] * 3, None),
    ],
)
def test_projected_metres_are_recognised(x, y, fits):
    check = check_coordinates(x, y, BOUNDARY, "cgcs2000")
    assert check.looks_projected
    assert check.better_system == fits


def test_neighbours_on_the_list_do_not_turn_a_right_system_into_a_wrong_one():
    lon, lat = people(90)
    outside_lon = np.full(20, BOUNDARY.bounds[2] + 0.002)
    outside_lat = np.full(20, 46.9945)
    check = check_coordinates(
        np.append(lon, outside_lon), np.append(lat, outside_lat), BOUNDARY, "wgs84"
    )
    assert max(r.gained for r in check.readings) >= 20  # the temptation is there
    assert check.better_system is None


def test_two_points_prove_nothing():
    lon, lat = from_wgs84(*people(2), "gcj02")
    assert check_coordinates(lon, lat, BOUNDARY, "wgs84").better_system is None


def test_a_county_is_too_large_to_tell_and_nothing_is_claimed():
    county = shapely.box(88.0, 45.0, 91.0, 48.0)
    lon, lat = from_wgs84(*people(200, boundary=county.buffer(-0.1)), "gcj02")
    assert check_coordinates(lon, lat, county, "wgs84").better_system is None


def test_missing_numbers_and_zero_points_are_not_judged():
    check = check_coordinates(
        [np.nan, 0.0, np.inf, 89.525], [46.99, 0.0, 46.99, 46.995], BOUNDARY, "wgs84"
    )
    assert (check.points, check.inside) == (1, 1)
    nothing = check_coordinates([], [], BOUNDARY, "gcj02")
    assert (nothing.points, nothing.looks_projected, nothing.looks_swapped) == (
        0,
        False,
        False,
    )


def test_without_a_boundary_only_the_numbers_speak():
    check = check_coordinates([89.5] * 4, [46.9] * 4, None, "wgs84")
    assert (check.readings, check.better_system, check.inside) == ((), None, 0)
    assert check_coordinates([46.9] * 4, [89.5] * 4, None, "wgs84").looks_swapped


def test_range_test_row_by_row():
    assert swapped_by_range([116.4, 39.9, np.nan, 20.0], [39.9, 116.4, 1.0, 30.0]).tolist() == [
        False,
        True,
        False,
        False,
    ]


def test_unknown_system_is_refused():
    with pytest.raises(UnknownSystem):
        check_coordinates([1.0], [1.0], BOUNDARY, "utm")
