"""The order of a walk: next door first, a building at a time, unknown places at the end."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tenants.visits.walking import Stop, building_of, in_walking_order, metres_between

START = (112.5, 28.2)


def at(name, east, north, building=""):
    """A stop `east` and `north` metres from the start."""
    return Stop(name, (START[0] + east / 98_000, START[1] + north / 111_320), building)


def test_the_next_door_comes_next():
    stops = [at("远", 300, 0), at("近", 50, 0), at("中", 150, 0)]
    assert in_walking_order(stops, START) == ["近", "中", "远"]


def test_it_goes_on_from_where_one_is_not_from_the_start():
    stops = [at("东", 100, 0), at("更东", 190, 0), at("西", -110, 0)]
    assert in_walking_order(stops, START) == ["东", "更东", "西"]


def test_one_building_is_done_before_the_next():
    stops = [at("一号楼甲", 100, 0, "1"), at("二号楼", 101, 0, "2"), at("一号楼乙", 102, 0, "1")]
    assert in_walking_order(stops, START) == ["一号楼甲", "一号楼乙", "二号楼"]
    near = [at("甲", 100, 0), at("丙", 140, 0), at("乙", 100.2, 0)]
    assert in_walking_order(near, START) == ["甲", "乙", "丙"]


def test_without_a_place_one_comes_last_in_the_order_given():
    stops = [Stop("无二", None), at("有", 10, 10), Stop("无一", None)]
    assert in_walking_order(stops, START) == ["有", "无二", "无一"]
    assert in_walking_order([Stop("无", None)]) == ["无"]
    assert in_walking_order([], START) == []


def test_without_a_start_it_begins_at_the_first_that_has_a_place():
    stops = [Stop("无", None), at("甲", 500, 0), at("乙", 0, 0), at("丙", 450, 0)]
    assert in_walking_order(stops) == ["甲", "丙", "乙", "无"]


def test_metres():
    assert 990 < metres_between(START, at("", 0, 1000).place) < 1010
    assert 990 < metres_between(START, at("", 1000, 0).place) < 1010
    assert building_of((112.50001, 28.20001)) == building_of((112.49999, 28.19999))


places = st.one_of(st.none(), st.tuples(st.integers(-400, 400), st.integers(-400, 400)).map(tuple))


@given(st.lists(places, max_size=25), st.integers(0, 999))
def test_everybody_is_called_on_once_whatever_the_ground(where, seed):
    stops = [
        Stop(number, None) if place is None else at(number, *place)
        for number, place in enumerate(where)
    ]
    walked = in_walking_order(stops, START)
    assert sorted(walked) == list(range(len(stops)))
    assert in_walking_order(stops, START) == walked
    homeless = [stop.what for stop in stops if stop.place is None]
    assert walked[len(walked) - len(homeless) :] == homeless
    shuffled = Random(seed).sample(stops, len(stops))
    houses = [building_of(stop.place) for stop in stops if stop.place]
    if len(set(houses)) == len(houses):
        assert [each for each in in_walking_order(shuffled, START) if each not in homeless] == (
            walked[: len(walked) - len(homeless)]
        )
