"""A run on the map: each by itself while they are few, counted together when they are many."""

from __future__ import annotations

import json

import pytest

from tenants.matching.assignments import features
from tenants.matching.assignments.features import person_features, way_features
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.counties import CENTRE

BOX = (112.0, 28.0, 113.0, 29.0)


@pytest.fixture
def run_id(community):
    far = (CENTRE[0] + 0.2, CENTRE[1])
    some_arrivals(community, *[community.inside(1, east=n) for n in range(4)], far, far)
    return a_run(community)


@pytest.fixture
def many(monkeypatch):
    """As if few were many already."""
    monkeypatch.setattr(features, "MOST", 1)


def test_each_way_has_its_person_while_they_are_few(community, run_id):
    with community.acting() as scope:
        found, total = way_features(scope, run_id, BOX, 15)
    assert total == len(found) == len({feature["properties"]["id"] for feature in found}) == 4


def test_many_ways_to_a_branch_become_one_that_counts_them(community, run_id, many):
    with community.acting() as scope:
        found, total = way_features(scope, run_id, BOX, 10)
    assert total == 4
    assert [feature["properties"] for feature in found] == [{"count": 4}]
    (start, end) = found[0]["geometry"]["coordinates"]
    assert tuple(end) == community.inside(1)
    assert start[0] == pytest.approx(community.inside(1, east=1.5)[0], abs=1e-6)


@pytest.mark.parametrize(("served", "people"), [(True, 4), (False, 2)])
def test_many_people_become_clusters_without_an_id(community, run_id, many, served, people):
    with community.acting() as scope:
        found, total = person_features(scope, run_id, BOX, 10, served=served)
    assert total == people
    assert sum(feature["properties"]["count"] for feature in found) == people
    assert all(feature["properties"]["cluster"] for feature in found)
    assert '"id"' not in json.dumps(found)


def test_a_way_that_only_crosses_the_box_is_in_it(community, run_id):
    """Neither end lies inside, but the line passes through."""
    some_arrivals(community, community.inside(2, north=-400))
    again = a_run(community)
    lon, lat = community.inside(2, north=-200)
    with community.acting() as scope:
        found, _total = way_features(
            scope, again, (lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4), 18
        )
    assert len(found) == 1


def test_another_tenant_is_shown_nothing(neighbour, run_id):
    with neighbour.acting() as scope:
        assert way_features(scope, run_id, BOX, 15) == ([], 0)
        assert person_features(scope, run_id, BOX, 15, served=True) == ([], 0)
