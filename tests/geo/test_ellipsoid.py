"""The short formula against the library, where it is most likely to be wrong."""

import numpy as np
import pytest

from geo import ellipsoid

MILLIMETRE = 0.001


def lines_of(metres: float, lowest: float, highest: float, seed: int, count: int = 2000):
    """Pairs of places exactly ``metres`` apart whose first end lies between two latitudes."""
    random = np.random.default_rng(seed)
    start = np.column_stack(
        [
            random.uniform(-180, 180, count),
            random.uniform(lowest, highest, count) * random.choice([-1, 1], count),
        ]
    )
    bearing = random.uniform(0, 360, count)
    longitude, latitude, _ = ellipsoid.WGS84.fwd(
        start[:, 0], start[:, 1], bearing, np.full(count, metres)
    )
    return start, np.column_stack([longitude, latitude])


@pytest.mark.parametrize("metres", [0.01, 1, 1_000, 20_000, 100_000, 199_000, 201_000, 5e6])
@pytest.mark.parametrize(
    ("lowest", "highest"), [(0, 1), (0, 80), (80, 89.9), (89.9, 89.9999), (89.99999, 90)]
)
def test_metres_between_agrees_with_the_library(metres, lowest, highest):
    start, end = lines_of(metres, lowest, highest, seed=7)
    found = ellipsoid.metres_between(start, end)
    assert np.abs(found - ellipsoid.by_geod(start, end)).max() < 0.05 * MILLIMETRE
    assert np.abs(found - metres).max() < 0.05 * MILLIMETRE


def test_a_place_is_no_metres_from_itself():
    places = np.array([[0, 0], [180, 0], [-180, 12.5], [121.4737, 31.2304], [5, 90], [5, -90.0]])
    assert ellipsoid.metres_between(places, places).tolist() == [0] * 6


def test_the_pole_is_one_place_whatever_its_longitude():
    found = ellipsoid.metres_between([[0, 90], [17, -90]], [[137, 90], [-60, -90]])
    assert found.max() < MILLIMETRE


def test_the_antimeridian_is_no_border():
    east_of_it = np.array([[179.999, 10], [180, 10], [179.9, -16.5]])
    west_of_it = np.array([[-179.999, 10], [-180, 10], [-179.9, -16.6]])
    found = ellipsoid.metres_between(east_of_it, west_of_it)
    assert found == pytest.approx(ellipsoid.by_geod(east_of_it, west_of_it), abs=MILLIMETRE / 20)
    assert found[0] == pytest.approx(219.2806, abs=1)
    assert found[1] == pytest.approx(0, abs=MILLIMETRE / 20)


def test_longitudes_beyond_a_full_turn_are_the_same_place():
    found = ellipsoid.metres_between([[370, 30], [-190, 30]], [[10, 30.01], [170, 30.01]])
    expected = ellipsoid.by_geod(np.array([[10, 30.0]]), np.array([[10, 30.01]]))[0]
    assert found == pytest.approx([expected] * 2, abs=MILLIMETRE / 20)


def test_antipodes_are_answered_too():
    found = ellipsoid.metres_between([[0, 0], [0, 90]], [[180, 0], [0, -90]])
    assert found == pytest.approx([20003931.4586] * 2, abs=MILLIMETRE)


def test_a_chord_is_never_longer_than_its_geodesic():
    random = np.random.default_rng(3)
    a = np.column_stack([random.uniform(-180, 180, 5000), random.uniform(-90, 90, 5000)])
    b = a + random.normal(0, 1, a.shape) * 10.0 ** random.uniform(-7, 1, (5000, 1))
    b[:, 1] = b[:, 1].clip(-90, 90)
    straight = ellipsoid.chord(ellipsoid.to_xyz(a), ellipsoid.to_xyz(b))
    assert (ellipsoid.arc(a, b, straight) >= straight).all()


def test_nan_stays_nan_and_no_rows_stay_no_rows():
    found = ellipsoid.metres_between([[np.nan, 3], [120, 30]], [[120, 30], [120, np.nan]])
    assert np.isnan(found).all()
    assert ellipsoid.metres_between(np.empty((0, 2)), np.empty((0, 2))).shape == (0,)
    assert ellipsoid.to_xyz(np.empty((0, 2))).shape == (0, 3)


def test_xyz_is_earth_centred():
    found = ellipsoid.to_xyz([[0, 0], [90, 0], [0, 90]])
    assert found == pytest.approx(
        np.array([[6378137, 0, 0], [0, 6378137, 0], [0, 0, 6356752.314245]]), abs=1e-6
    )
