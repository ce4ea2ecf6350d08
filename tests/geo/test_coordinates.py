"""Coordinate systems: against an independent implementation, and there and back within 1 mm."""

import numpy as np
import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import (
    SYSTEMS,
    UnknownSystem,
    from_wgs84,
    in_shifted_area,
    to_wgs84,
)

ORACLES = {"gcj02": prcoords.wgs_gcj, "bd09": prcoords.wgs_bd}
PLACES = [
    (116.3913, 39.9075),
    (121.4737, 31.2304),
    (89.5247, 46.9932),
    (112.1440, 32.0421),
    (105.0, 35.0),
    (110.35, 18.25),
    (126.6, 53.4),
]


def metres_between(lon, lat, other_lon, other_lat):
    east = (np.asarray(lon) - other_lon) * 111_320.0 * np.cos(np.radians(lat))
    north = (np.asarray(lat) - other_lat) * 111_320.0
    return np.hypot(east, north)


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
@pytest.mark.parametrize(("lon", "lat"), PLACES)
def test_forward_agrees_with_an_independent_implementation(system, lon, lat):
    expected = ORACLES[system]((lat, lon))
    got_lon, got_lat = from_wgs84(lon, lat, system)
    assert float(got_lon) == pytest.approx(expected.lon, abs=1e-12)
    assert float(got_lat) == pytest.approx(expected.lat, abs=1e-12)


@pytest.mark.parametrize("system", SYSTEMS)
@given(
    lon=st.floats(73.0, 135.5, allow_nan=False),
    lat=st.floats(3.0, 53.9, allow_nan=False),
)
def test_there_and_back_errs_less_than_a_millimetre(system, lon, lat):
    back = to_wgs84(*from_wgs84([lon], [lat], system), system)
    assert metres_between([lon], [lat], *back)[0] < 0.001


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_dense_sample_of_the_country_errs_less_than_a_millimetre(system):
    lon, lat = np.meshgrid(np.linspace(73.5, 135.0, 200), np.linspace(3.5, 53.5, 160))
    back = to_wgs84(*from_wgs84(lon, lat, system), system)
    assert back[0].shape == lon.shape
    assert metres_between(lon, lat, *back).max() < 0.001


def test_gcj02_read_as_wgs84_puts_a_person_in_another_cell():
    lon, lat = np.array(PLACES[:4]).T
    moved = metres_between(lon, lat, *from_wgs84(lon, lat, "gcj02"))
    assert moved.min() > 200.0
    assert moved.max() < 800.0


@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.86), (-73.98, 40.75), (139.7, 35.7), (100, -5)])
def test_outside_its_rectangle_gcj02_is_the_identity(lon, lat):
    assert not in_shifted_area(lon, lat)
    assert tuple(map(float, from_wgs84(lon, lat, "gcj02"))) == (lon, lat)
    assert tuple(map(float, to_wgs84(lon, lat, "gcj02"))) == (lon, lat)


@pytest.mark.parametrize("system", ["wgs84", "cgcs2000"])
def test_satellite_and_survey_degrees_are_the_same_and_are_copied(system):
    lon, lat = np.array([116.4]), np.array([39.9])
    there = to_wgs84(lon, lat, system)
    there[0][0] = 0.0
    assert lon[0] == 116.4
    assert from_wgs84(lon, lat, system)[1][0] == 39.9


@pytest.mark.parametrize("system", SYSTEMS)
def test_missing_numbers_stay_missing_and_disturb_no_neighbour(system):
    lon, lat = to_wgs84([np.nan, 116.4, np.inf], [39.9, 39.9, 39.9], system)
    assert np.isnan(lon[0])
    assert np.isfinite([lon[1], lat[1]]).all()
    assert to_wgs84([], [], system)[0].shape == (0,)


@pytest.mark.parametrize("system", ["", "WGS84", "beijing54", None, ["wgs84"]])
def test_an_unknown_system_is_refused_by_name(system):
    for convert in (to_wgs84, from_wgs84):
        with pytest.raises(UnknownSystem) as refusal:
            convert([116.4], [39.9], system)
        assert refusal.value.system == system
        assert isinstance(refusal.value, ValueError)


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="differ in shape"):
        to_wgs84([116.4, 116.5], [39.9], "gcj02")
