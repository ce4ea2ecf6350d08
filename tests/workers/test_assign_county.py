"""The county's run: the best over all communities, kept as numbers and never as people."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.errors import NotAllowed, NotFound
from tenants.matching.assignments.actions import discard_run, start_county_run
from tenants.matching.assignments.county import by_community, communities_of, worth_most
from tenants.matching.assignments.findings import Line
from tenants.matching.assignments.lookups import run, runs, sites
from tests.factories.assignments import some_arrivals
from tests.factories.counties import a_community, beside
from tests.factories.jobs import work_off


@pytest.fixture
def neighbours(county):
    """Two communities side by side; the first has no seat left anywhere."""
    full = a_community(county, capacities=(0, 0, 0))
    return full, a_community(county, name="邻社区", centre=beside(full))


def a_county_run(county, **wanted):
    with county.acting() as scope:
        run_id = start_county_run(scope, **{"basis": "nearer", "reach_metres": 3000, **wanted})
    assert set(work_off(county)) == {"done"}
    return run_id


def test_the_optimum_crosses_the_border_and_says_how_often(county, neighbours):
    full, roomy = neighbours
    some_arrivals(full, full.inside(1), full.inside(2), None)
    some_arrivals(roomy, roomy.inside(1))
    run_id = a_county_run(county)
    with county.acting() as scope:
        found = {card.name: card.numbers for card in communities_of(scope, run_id)}
        card = run(scope, run_id)
    assert (card.people, card.assigned, card.unserved) == (4, 3, 1)
    assert card.proven
    here, there = found["虚构社区"], found["邻社区"]
    assert (here.people, here.here, here.elsewhere, here.unserved) == (3, 0, 2, 1)
    assert (there.people, there.here, there.from_elsewhere, there.unserved) == (1, 1, 2, 0)
    assert here.total_centimetres + there.total_centimetres == card.total_centimetres


def test_a_seat_that_is_missing_has_a_price_for_the_whole_county(county, neighbours):
    full, roomy = neighbours
    some_arrivals(full, full.inside(1))
    run_id = a_county_run(county)
    with county.acting() as scope:
        helpful, how_many = worth_most(scope, run_id)
        total = run(scope, run_id).total_centimetres
    assert how_many == len(helpful)
    assert (helpful[0].name, helpful[0].keeper) == ("第1支部", "虚构社区")
    assert helpful[0].price.saved_centimetres == total


def test_people_of_several_communities_may_share_a_temporary_branch(county, neighbours):
    far = (neighbours[0].centre[0] + 0.3, neighbours[0].centre[1])
    some_arrivals(neighbours[0], far, far)
    some_arrivals(neighbours[1], far)
    run_id = a_county_run(county)
    with county.acting() as scope:
        assert [(site.number, site.people) for site in sites(scope, run_id)] == [(1, 3)]


def test_nobody_is_kept_proposed_or_moved(county, neighbours):
    some_arrivals(neighbours[0], neighbours[0].inside(1))
    a_county_run(county)
    with county.acting():
        assert _count("assignment_line") == 0
        assert _count("assignment_community") == 2
    for community in neighbours:
        with community.acting() as scope:
            assert runs(scope) == []
            assert _count("assignment_community") == 0
            assert _count("proposal") == 0


def test_another_county_is_not_counted(county, neighbours, outsider):
    some_arrivals(outsider.office, outsider.office.inside(1))
    some_arrivals(neighbours[0], neighbours[0].inside(1))
    run_id = a_county_run(county)
    with county.acting() as scope:
        assert run(scope, run_id).people == 1


def test_an_empty_county_has_an_answer(county):
    run_id = a_county_run(county)
    with county.acting() as scope:
        assert run(scope, run_id).people == 0
        assert communities_of(scope, run_id) == []


def test_a_discarded_run_leaves_no_numbers(county, neighbours):
    some_arrivals(neighbours[0], neighbours[0].inside(1))
    run_id = a_county_run(county)
    with county.acting() as scope:
        discard_run(scope, run_id)
    with county.acting() as scope:
        assert communities_of(scope, run_id) == []
        with pytest.raises(NotFound):
            run(scope, run_id)


def test_a_community_cannot_ask_for_the_county(community):
    with community.acting() as scope, pytest.raises(NotAllowed):
        start_county_run(scope, basis="home", reach_metres=1000)


def test_the_numbers_add_up():
    a, b = object(), object()
    lines = [
        Line(1, a, None, 10, "home", "assigned"),
        Line(2, b, None, 20, "home", "assigned"),
        Line(3, None, None, None, "", "unserved", "no_seat"),
    ]
    first, second = by_community([7, 7, 8], lines, {a: 7, b: 8})
    assert (first.people, first.here, first.elsewhere, first.unserved) == (2, 1, 1, 0)
    assert (second.people, second.from_elsewhere, second.unserved) == (1, 1, 1)
    assert (first.total_centimetres, first.told_centimetres) == (30, None)


def _count(table: str) -> int:
    return db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
