"""The search against brute force over the library's geodesic, in every corner of the globe."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.ellipsoid import WGS84
from geo.nearer import nearer_not_admitted, nearer_than
from geo.nearest import Place, Status, nearest

NOWHERE = (np.nan, np.nan)


def every_millimetre(home, work, branches):
    """(n, m) geodesics in whole millimetres from the nearer of two places; huge where unknown."""
    tables = []
    for places in (home, work):
        lon, lat = (np.repeat(places[:, axis], len(branches)) for axis in (0, 1))
        to_lon, to_lat = (np.tile(branches[:, axis], len(places)) for axis in (0, 1))
        known = np.isfinite(lon)
        metres = np.full(lon.shape, 1e9)
        metres[known] = WGS84.inv(lon[known], lat[known], to_lon[known], to_lat[known])[2]
        tables.append(np.rint(metres * 1000).reshape(len(places), len(branches)))
    return tables


def around(random, centre, count, spread):
    """Places scattered round a centre, wrapped at the antimeridian and folded over the poles."""
    lon = centre[0] + random.normal(0, spread, count)
    lat = centre[1] + random.normal(0, spread, count)
    over = np.abs(lat) > 90
    lat = np.where(over, np.sign(lat) * 180 - lat, lat)
    lon = np.where(over, lon + 180, lon)
    return np.column_stack([(lon + 180) % 360 - 180, lat])


CENTRES = {
    "town": (121.47, 31.23),
    "north pole": (0, 90),
    "south pole": (60, -90),
    "antimeridian": (180, -16.5),
    "equator": (0.5, 0),
}


@pytest.mark.parametrize("centre", CENTRES.values(), ids=CENTRES.keys())
@pytest.mark.parametrize("spread", [0.00001, 0.01, 1.0, 30.0])
@pytest.mark.parametrize("seed", range(2))
def test_nobody_is_sent_farther_than_brute_force(centre, spread, seed):
    random = np.random.default_rng([seed, int(spread * 1e5)])
    branches = around(random, centre, 60, spread)
    branches[50:] = branches[random.integers(0, 50, 10)]
    home = around(random, centre, 150, spread)
    home[100:120] = home[random.integers(0, 100, 20)]
    home[120:130] = branches[:10]
    work = around(random, centre, 150, spread)
    home[random.random(150) < 0.2] = NOWHERE
    work[random.random(150) < 0.4] = NOWHERE
    kind = random.integers(0, 3, 150)
    admits = np.ones((60, 3), dtype=bool)
    admits[30:] = random.random((30, 3)) < 0.4

    found = nearest(home, branches, work=work, kind=kind, admits=admits)

    tables = every_millimetre(home, work, branches)
    for table in tables:
        table[~admits.T[kind]] = 1e15
    table = np.minimum(*tables)
    expected = table.argmin(axis=1)
    best = table.min(axis=1)
    nowhere = np.isnan(home[:, 0]) & np.isnan(work[:, 0])
    assert (found.status[nowhere] == Status.NO_PLACE).all()
    assert (found.branch[nowhere] == -1).all()
    placed = ~nowhere
    assert (found.status[placed] == Status.ASSIGNED).all()
    # Two roundings of the same length may fall on either side of half a millimetre.
    assert np.abs(found.metres[placed] * 1000 - best[placed]).max() <= 1
    gone_to = table[np.arange(150), found.branch][placed]
    assert (gone_to <= best[placed] + 1).all()
    clear = placed & (np.sort(table, axis=1)[:, 1] > best + 2)
    assert (found.branch[clear] == expected[clear]).all()
    assert not found.tied[clear].any()
    by_work = tables[1].min(axis=1) < tables[0].min(axis=1) - 1
    assert (found.place[placed & by_work] == Place.WORK).all()
    assert found.rounds[-1] == 0


def test_a_tie_goes_to_the_lowest_rank_and_is_reported():
    branches = np.array([[120.1, 30], [120, 30], [120, 30], [120.0, 30]])
    found = nearest([[120.01, 30], [120.09, 30]], branches, rank=[3, 2, 0, 1])
    assert found.branch.tolist() == [2, 0]
    assert found.tied.tolist() == [True, False]


@pytest.mark.parametrize(("further", "winner", "tied"), [(0.0004, 1, True), (0.002, 0, False)])
def test_less_than_a_millimetre_further_is_a_tie(further, winner, tied):
    lon, lat, _ = WGS84.fwd([120, 120], [30, 30], [40, 250], [100, 100 + further])
    found = nearest([[120, 30]], np.column_stack([lon, lat]), rank=[1, 0])
    assert found.branch.tolist() == [winner]
    assert found.tied.tolist() == [tied]


def test_a_ring_of_equals_round_the_pole_is_asked_until_it_is_proven():
    ring = np.column_stack([np.linspace(-180, 179, 360), np.full(360, 89.5)])
    found = nearest([[12, 90]], ring, rank=np.arange(360)[::-1])
    assert found.branch[0] == 359
    assert found.tied[0]
    assert len(found.rounds) > 3
    assert found.rounds[-1] == 0


def test_branches_a_hair_apart_are_told_apart():
    random = np.random.default_rng(5)
    branches = np.array([120, 30]) + random.normal(0, 3e-8, (400, 2))
    home = np.array([120, 30]) + random.normal(0, 0.1, (50, 2))
    found = nearest(home, branches)
    table = every_millimetre(home, np.full_like(home, np.nan), branches)[0]
    assert (np.abs(found.metres * 1000 - table.min(axis=1)) <= 1).all()
    assert (table[np.arange(50), found.branch] - table.min(axis=1) <= 1).all()


def test_every_row_has_its_status():
    home = np.array(
        [[120, 30], NOWHERE, [0, 0], [120, 91], [-200, 30], [np.nan, 30], [np.inf, 3], [120, 35]]
    )
    found = nearest(home, [[120, 30.001]], reach_metres=1000)
    assert found.status.tolist() == [Status.ASSIGNED, *[Status.NO_PLACE] * 6, Status.OUT_OF_REACH]
    assert found.branch.tolist() == [0] + [-1] * 7
    assert found.beyond.tolist() == [-1] * 7 + [0]
    assert found.beyond_metres[7] == pytest.approx(554_500, abs=1000)
    assert found.metres[0] == pytest.approx(110.855, abs=0.01)
    assert np.isnan(found.metres[1:]).all()
    assert found.place.tolist() == [Place.HOME] + [Place.NONE] * 7


def test_the_reach_itself_is_within_reach():
    metres = nearest([[120, 30]], [[120, 30.001]]).metres[0]
    assert nearest([[120, 30]], [[120, 30.001]], reach_metres=metres).branch[0] == 0
    assert nearest([[120, 30]], [[120, 30.001]], reach_metres=metres - 0.001).branch[0] == -1


def test_nobody_admitted_is_not_allowed_and_no_branch_neither():
    admits = [[True, False], [False, False]]
    found = nearest([[120, 30], [120, 30]], [[120, 31], [120, 30]], kind=[0, 1], admits=admits)
    assert found.status.tolist() == [Status.ASSIGNED, Status.NOT_ALLOWED]
    assert found.branch.tolist() == [0, -1]
    none = nearest([[120, 30], NOWHERE], np.empty((0, 2)), work=[NOWHERE, NOWHERE])
    assert none.status.tolist() == [Status.NOT_ALLOWED, Status.NO_PLACE]


def test_a_branch_without_a_place_is_never_an_answer():
    found = nearest([[120, 30]], [NOWHERE, (0, 0), (120, 95), (121, 30)])
    assert found.branch.tolist() == [3]


def test_nobody_asks():
    found = nearest(np.empty((0, 2)), [[120, 30]])
    assert len(found.branch) == len(found.status) == 0


def test_home_wins_when_both_places_are_as_near():
    found = nearest([[120, 30]], [[120, 30]], work=[[120, 30]])
    assert found.place.tolist() == [Place.HOME]
    assert not found.tied[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": [0]},
        {"kind": [0, 1]},
        {"kind": [0, -1]},
        {"rank": [0]},
        {"rank": [4, 4]},
        {"work": [[1, 2]]},
        {"admits": [[True]]},
    ],
)
def test_arrays_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError):
        nearest([[120, 30], [121, 30]], [[120, 30], [121, 30]], **wrong)


def test_progress_ends_at_the_whole():
    told = []
    nearest([[120, 30], [120, 30], [121, 30]], [[120, 30]], progress=lambda *s: told.append(s))
    assert told[-1] == (2, 2)


@st.composite
def maps(draw):
    """A small town anywhere: homes, works, branches, kinds, admissions. Nothing lies at (0, 0)."""
    town = draw(st.tuples(st.integers(-1799, 1799), st.integers(-899, 899)))

    def near(offset):
        lat = min(89.999, max(-89.999, town[1] / 10 + offset[1] / 3000))
        return town[0] / 10 + offset[0] / 3000, lat + 0.00003

    place = st.tuples(st.integers(-300, 300), st.integers(-300, 300)).map(near)
    home = draw(st.lists(place, min_size=1, max_size=12))
    people = {"min_size": len(home), "max_size": len(home)}
    work = draw(st.lists(st.one_of(place, st.just(NOWHERE)), **people))
    kind = draw(st.lists(st.integers(0, 1), **people))
    branches = draw(st.lists(place, min_size=1, max_size=12))
    doors = {"min_size": len(branches), "max_size": len(branches)}
    admits = draw(st.lists(st.tuples(st.booleans(), st.booleans()), **doors))
    return east(home, 0), east(work, 0), east(branches, 0), np.array(kind), np.array(admits)


def east(places, degrees_east):
    moved = np.array(places, dtype=float)
    moved[:, 0] = (moved[:, 0] + degrees_east + 180) % 360 - 180
    return moved


@settings(max_examples=150, deadline=None)
@given(maps(), st.randoms(use_true_random=False))
def test_permuting_the_input_permutes_the_output(place, random):
    home, work, branches, kind, admits = place
    people = random.sample(range(len(home)), len(home))
    doors = random.sample(range(len(branches)), len(branches))
    plain = nearest(home, branches, work=work, kind=kind, admits=admits)
    mixed = nearest(
        home[people],
        branches[doors],
        work=work[people],
        kind=kind[people],
        admits=admits[doors],
        rank=doors,
    )
    named = np.append(np.array(doors), -1)
    assert named[mixed.branch].tolist() == plain.branch[people].tolist()
    assert mixed.status.tolist() == plain.status[people].tolist()
    assert mixed.place.tolist() == plain.place[people].tolist()
    assert mixed.tied.tolist() == plain.tied[people].tolist()
    assert np.array_equal(mixed.metres, plain.metres[people], equal_nan=True)


@settings(max_examples=150, deadline=None)
@given(maps(), st.integers(1, 359))
def test_moving_the_map_east_changes_nothing(place, degrees_east):
    home, work, branches, kind, admits = place
    plain = nearest(home, branches, work=work, kind=kind, admits=admits)
    moved = nearest(
        east(home, degrees_east),
        east(branches, degrees_east),
        work=east(work, degrees_east),
        kind=kind,
        admits=admits,
    )
    assert moved.status.tolist() == plain.status.tolist()
    assert np.allclose(moved.metres, plain.metres, rtol=0, atol=0.0011, equal_nan=True)


@pytest.mark.parametrize("seed", range(6))
def test_nearer_lists_what_brute_force_lists(seed):
    random = np.random.default_rng(seed)
    branches = around(random, (180, 60), 80, 0.1)
    home, work = around(random, (180, 60), 40, 0.1), around(random, (180, 60), 40, 0.1)
    home[:5] = NOWHERE
    work[3:12] = NOWHERE
    limit = random.uniform(0, 9000, 40)
    limit[20], limit[21] = np.nan, np.inf
    found = nearer_than(home, branches, limit, work=work)
    table = np.minimum(*every_millimetre(home, work, branches))
    for member in range(40):
        branch, metres = found.of(member)
        expected = np.flatnonzero(table[member] / 1000 < np.nan_to_num(limit[member], nan=-1))
        if np.isnan(home[member, 0]) and np.isnan(work[member, 0]):
            expected = np.array([])
        assert sorted(branch) == expected.tolist()
        assert metres.tolist() == sorted(metres.tolist())
        assert np.abs(metres * 1000 - table[member][branch]).max(initial=0) <= 1


def test_the_branches_passed_by_are_those_that_do_not_admit():
    branches = np.array([[120, 30.001], [120, 30.002], [120, 30.003], [120, 30.004]])
    admits = np.array([[False, True], [False, False], [True, True], [False, False]])
    home, kind = np.array([[120, 30.0], [120, 30.0]]), np.array([0, 1])
    found = nearest(home, branches, kind=kind, admits=admits)
    assert found.branch.tolist() == [2, 0]
    passed = nearer_not_admitted(home, branches, found.metres, kind=kind, admits=admits)
    assert passed.of(0)[0].tolist() == [0, 1]
    assert passed.of(1)[0].tolist() == []
    assert passed.of(0)[1] == pytest.approx([110.855, 221.71], abs=0.01)


def test_nothing_is_nearer_than_nothing():
    assert nearer_than([[1, 2]], np.empty((0, 2)), [5]).start.tolist() == [0, 0]
    assert nearer_than(np.empty((0, 2)), [[1, 2]], []).start.tolist() == [0]
