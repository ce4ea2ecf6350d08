"""Metres of Gauss-Kruger grids -> degrees, against figures worked out by hand and by the way back."""

import numpy as np
import pytest

from geo.coordinate_check import check_coordinates
from geo.coordinates import UnknownSystem
from geo.projected import PROJECTED, degrees_of, metres_of, zones_of
from tests.geo.test_coordinate_check import BOUNDARY, people


def test_on_the_meridian_the_east_is_500_km_and_the_north_is_the_arc_of_the_meridian():
    east, north = metres_of([114.0, 114.0], [0.0, 30.0], "gk-114")
    assert east.tolist() == pytest.approx([500_000.0, 500_000.0])
    # 3 320 113.398 m: the arc from the equator to 30 degrees in tables for this ellipsoid.
    assert north.tolist() == pytest.approx([0.0, 3_320_113.398], abs=0.001)


@pytest.mark.parametrize("system", PROJECTED)
def test_the_way_back_is_exact_to_a_millimetre(system):
    meridian = int(system[3:])
    lon, lat = meridian + np.array([-1.4, 0.0, 1.5, 2.9]), np.array([20.0, 31.5, 46.9, 40.0])
    found_lon, found_lat = degrees_of(*metres_of(lon, lat, system), system)
    assert np.abs(found_lon - lon).max() < 1e-8
    assert np.abs(found_lat - lat).max() < 1e-8


@pytest.mark.parametrize(
    ("system", "numbers"),
    [
        ("gk-114", {3: 38, 6: None}),
        ("gk-111", {3: 37, 6: 19}),
        ("gk-90", {3: 30, 6: None}),
        ("gk-75", {3: 25, 6: 13}),
    ],
)
def test_zones_are_numbered_as_the_survey_numbers_them(system, numbers):
    assert zones_of(system) == numbers


@pytest.mark.parametrize("zone_degrees", [0, 3, 6])
def test_the_zone_number_before_the_east_is_read_and_must_be_the_meridians(zone_degrees):
    east, north = metres_of([111.2], [30.0], "gk-111", zone_degrees=zone_degrees)
    assert degrees_of(east, north, "gk-111")[0] == pytest.approx([111.2])
    assert np.isnan(degrees_of(east, north, "gk-114")[0]).all() == bool(zone_degrees)


def test_x_is_north_and_y_is_east_as_surveyors_have_it():
    east, north = metres_of([114.3], [30.5], "gk-114")
    lon, lat = degrees_of(north, east, "gk-114", swapped=True)
    assert (lon[0], lat[0]) == pytest.approx((114.3, 30.5))
    assert np.isnan(degrees_of(north, east, "gk-114")[0]).all()


def test_degrees_are_no_metres_and_an_unnamed_zone_is_never_converted():
    assert np.isnan(degrees_of([114.3], [30.5], "gk-114")[0]).all()
    for system in ("metres", "gk-76"):
        with pytest.raises(UnknownSystem):
            degrees_of([1.0], [1.0], system)


@pytest.mark.parametrize("declared", ["wgs84", "metres", "gk-114"])
@pytest.mark.parametrize("zone_degrees", [0, 3])
@pytest.mark.parametrize("north_first", [False, True])
def test_the_detector_names_the_zone_and_the_order_of_the_axes(declared, zone_degrees, north_first):
    east, north = metres_of(*people(20), "gk-90", zone_degrees=zone_degrees)
    columns = (north, east) if north_first else (east, north)
    check = check_coordinates(*columns, BOUNDARY, declared)
    assert check.looks_projected
    assert [(r.system, r.swapped, r.inside) for r in check.better] == [("gk-90", north_first, 20)]


@pytest.mark.parametrize("declared", ["gk-90", "metres"])
def test_degrees_declared_as_metres_are_seen(declared):
    check = check_coordinates(*people(20), BOUNDARY, declared)
    assert not check.looks_projected
    assert check.better_system == "wgs84"


def test_what_a_person_confirmed_as_swapped_is_not_asked_again():
    lon, lat = people(20)
    assert check_coordinates(lat, lon, BOUNDARY, "wgs84").looks_swapped
    check = check_coordinates(lat, lon, BOUNDARY, "wgs84", swapped=True)
    assert (check.inside, check.better, check.looks_swapped) == (20, (), False)
