"""Proposals for temporary branches: enough full members, one site for all, nobody twice."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clusters import temporary_branches
from geo.ellipsoid import WGS84, metres_between, to_lonlat, to_xyz
from geo.sites import site_of, smallest_circle

TOWN = (120.5, 30.2)


def places_at(*east_north, around=TOWN):
    """Places so many metres east and north of a town."""
    east_north = np.array(east_north, dtype=float).reshape(-1, 2)
    lon, lat, _ = WGS84.fwd(
        np.full(len(east_north), around[0]),
        np.full(len(east_north), around[1]),
        np.degrees(np.arctan2(east_north[:, 0], east_north[:, 1])),
        np.hypot(*east_north.T),
    )
    return np.column_stack([lon, lat])


def must_hold(proposals, places, reach, full=None, minimum=3):
    """What is true of every proposal."""
    full = np.ones(len(places), bool) if full is None else np.asarray(full)
    taken = [member for proposal in proposals for member in proposal.members]
    assert len(taken) == len(set(taken))
    for proposal in proposals:
        assert full[proposal.members].sum() == proposal.full >= minimum
        there = places[proposal.members]
        metres = metres_between(np.broadcast_to(proposal.site, there.shape), there)
        assert metres.max() <= reach
        assert metres.max() == pytest.approx(proposal.radius_metres, abs=0.001)


def members_of(proposals):
    return [proposal.members.tolist() for proposal in proposals]


def test_three_within_reach_are_proposed_with_a_site_amid_them():
    places = places_at((0, 0), (600, 0), (300, 500), (9000, 0))
    (proposal,) = temporary_branches(places, 1000)
    must_hold([proposal], places, 1000)
    assert proposal.members.tolist() == [0, 1, 2]
    assert proposal.radius_metres < 360


@pytest.mark.parametrize("full", [[1, 1, 0], [1, 0, 0]])
def test_probationary_members_do_not_found_a_branch(full):
    assert temporary_branches(places_at((0, 0), (10, 0), (0, 10)), 1000, full=full) == []


def test_probationary_members_come_along():
    places = places_at((0, 0), (10, 0), (0, 10), (5, 5))
    (proposal,) = temporary_branches(places, 1000, full=[1, 1, 1, 0])
    assert proposal.members.tolist() == [0, 1, 2, 3]
    assert proposal.full == 3


def test_people_of_one_dormitory_are_one_spot_and_all_counted():
    places = np.repeat(places_at((0, 0), (5000, 0)), [3, 2], axis=0)
    (proposal,) = temporary_branches(places, 1000)
    assert proposal.members.tolist() == [0, 1, 2]
    assert proposal.radius_metres < 1e-6


def test_a_street_longer_than_two_reaches_is_cut_and_nobody_left_out():
    places = places_at(*[(900 * i, 0) for i in range(12)])
    proposals = temporary_branches(places, 1000)
    must_hold(proposals, places, 1000)
    assert sorted(chain(*members_of(proposals))) == list(range(12))


def test_three_that_only_a_point_between_them_reaches_are_found():
    """An equal-sided triangle whose sides are longer than the reach: nobody is near anybody."""
    corners = [
        (1700 * np.sin(a) / np.sqrt(3), 1700 * np.cos(a) / np.sqrt(3)) for a in (0, 2.0944, 4.1888)
    ]
    places = places_at(*corners)
    proposals = temporary_branches(places, 1000)
    must_hold(proposals, places, 1000)
    assert members_of(proposals) == [[0, 1, 2]]
    assert temporary_branches(places, 980) == []


def test_two_are_too_few_unless_two_are_asked_for():
    places = places_at((0, 0), (10, 0))
    assert temporary_branches(places, 500) == []
    assert members_of(temporary_branches(places, 500, minimum=2)) == [[0, 1]]


@pytest.mark.parametrize("around", [(180, 0), (0, 90), (13, -90), (-179.9999, 66)])
def test_neither_pole_nor_antimeridian_divides_a_group(around):
    places = places_at((-300, 0), (300, 0), (0, 300), (0, -300), around=around)
    proposals = temporary_branches(places, 1000)
    must_hold(proposals, places, 1000)
    assert members_of(proposals) == [[0, 1, 2, 3]]


def test_unusable_places_are_left_out():
    places = np.concatenate([places_at((0, 0), (10, 0)), [[np.nan, 30], [0, 0], [120, 99]]])
    assert temporary_branches(places, 500) == []
    assert temporary_branches(np.empty((0, 2)), 500) == []
    assert temporary_branches([[0, 0]], 500) == []


@pytest.mark.parametrize("wrong", [{"reach_metres": 0}, {"reach_metres": np.nan}, {"minimum": 0}])
def test_a_question_without_sense_is_refused(wrong):
    with pytest.raises(ValueError):
        temporary_branches([[120, 30]], **({"reach_metres": 100} | wrong))


metres = st.integers(-4000, 4000)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(metres, metres, st.booleans()), max_size=25),
    st.sampled_from([300, 1000, 2500]),
    st.randoms(use_true_random=False),
)
def test_any_map_gives_sound_complete_and_stable_proposals(people, reach, random):
    places = places_at(*[(east, north) for east, north, _ in people])
    full = np.array([is_full for *_, is_full in people], dtype=bool)
    proposals = temporary_branches(places, reach, full=full)
    must_hold(proposals, places, reach, full)

    left = np.setdiff1d(np.flatnonzero(full), [m for p in proposals for m in p.members])
    for three in combinations(left.tolist(), 3):
        assert site_of(places[list(three)], reach * (1 - 1e-6)) is None

    mixed = random.sample(range(len(people)), len(people))
    again = temporary_branches(places[mixed], reach, full=full[mixed])
    named = {tuple(sorted(mixed[m] for m in proposal.members)) for proposal in again}
    assert named == {tuple(members) for members in members_of(proposals)}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(metres, metres), min_size=1, max_size=20))
def test_the_smallest_circle_holds_all_and_no_smaller_one_does(points):
    flat = np.array(points, dtype=float)
    centre, radius = smallest_circle(flat)
    away = np.hypot(*(flat - centre).T)
    assert away.max() <= radius + 1e-6
    best = 0.0
    for pair in combinations(range(len(flat)), 2):
        best = max(best, float(np.hypot(*(flat[pair[0]] - flat[pair[1]]))) / 2)
    assert best - 1e-6 <= radius <= best * 2 / np.sqrt(3) + 1e-6
    on_rim = flat[away > radius - 1e-4] - centre
    angles = np.sort(np.arctan2(on_rim[:, 1], on_rim[:, 0])) if radius > 1e-3 else np.zeros(1)
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    assert radius <= 1e-3 or gaps.max() <= np.pi + 1e-3


def test_a_place_comes_back_from_xyz():
    random = np.random.default_rng(1)
    places = np.column_stack([random.uniform(-180, 180, 500), random.uniform(-90, 90, 500)])
    places[:2] = [[0, 90], [0, -90]]
    assert metres_between(places, to_lonlat(to_xyz(places))).max() < 1e-6
    assert metres_between(places, to_lonlat(to_xyz(places) * 0.9995)).max() < 15
