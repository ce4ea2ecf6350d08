"""Temporary branches across borders: each community by name its own, of the others a number."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.matching.assignments.actions import discard_run, start_county_run
from tenants.matching.assignments.lines import people_of_sites
from tenants.matching.assignments.lookups import run, runs, sites
from tenants.matching.assignments.shared_sites import shared_sites
from tests.factories.assignments import some_arrivals
from tests.factories.counties import a_community, beside
from tests.factories.jobs import due_jobs, work_off
from tests.factories.people import a_person
from workers.envelope import perform
from workers.jobs import JOBS


@pytest.fixture
def neighbours(county):
    """Two communities side by side, and a place that no branch of theirs reaches."""
    first = a_community(county)
    return first, a_community(county, name="邻社区", centre=beside(first))


@pytest.fixture
def far(neighbours):
    return neighbours[0].centre[0] + 0.3, neighbours[0].centre[1]


def a_county_run(county):
    with county.acting() as scope:
        return start_county_run(scope, basis="nearer", reach_metres=3000)


def told(community):
    with community.acting() as scope:
        return [
            (card, sites(scope, card.id), people_of_sites(scope, card.id)) for card in runs(scope)
        ]


def test_each_community_reads_its_own_by_name_and_the_rest_as_a_number(county, neighbours, far):
    first, second = neighbours
    mine = some_arrivals(first, first.inside(1), far, far)
    (theirs,) = some_arrivals(second, far)
    run_id = a_county_run(county)
    assert work_off(county) == ["done", "done"]
    (card, (site,), people) = told(first)[0]
    assert (card.id, card.is_told, card.people, card.unserved) == (run_id, True, 2, 2)
    assert site.people == 3
    assert set(people[site.number]) == set(mine[1:])
    ((_card, (site,), people),) = told(second)
    assert (site.people, set(people[site.number])) == (3, {theirs})


def test_the_county_reads_no_small_number_of_a_community(county, neighbours, far):
    first, second = neighbours
    some_arrivals(first, *[far] * 3)
    some_arrivals(second, far)
    run_id = a_county_run(county)
    work_off(county)
    with county.acting() as scope:
        (found,) = shared_sites(scope, run_id)
    assert found.site.people == 4
    assert found.communities == ((first.scope.area, None), (second.scope.area, None))
    some_arrivals(second, *[far] * 2)
    run_id = a_county_run(county)
    work_off(county)
    with county.acting() as scope:
        (found,) = shared_sites(scope, run_id)
    assert found.communities == ((first.scope.area, 3), (second.scope.area, 3))


def test_what_the_county_keeps_names_nobody(county, neighbours, far):
    people = [*some_arrivals(neighbours[0], far, far), *some_arrivals(neighbours[1], far)]
    a_county_run(county)
    work_off(county)
    with county.acting():
        kept = set(db.session.execute(text("SELECT member_id FROM assignment_line")).scalars())
    assert len(kept) == 3
    assert not kept & set(people)


def test_a_site_of_one_community_is_its_own_affair(county, neighbours, far):
    some_arrivals(neighbours[0], *[far] * 3)
    a_county_run(county)
    assert work_off(county) == ["done", "done"]
    assert [told(community) for community in neighbours] == [[], []]


def test_told_twice_it_is_there_once_and_a_newer_finding_replaces_it(county, neighbours, far):
    some_arrivals(neighbours[0], far, far)
    some_arrivals(neighbours[1], far)
    first_run = a_county_run(county)
    work_off(county)
    with county.acting():
        db.session.execute(
            text("UPDATE job_request SET state = 'queued' WHERE kind = 'tell_sites'")
        )
    assert work_off(county) == ["done"]
    assert [card.id for card, *_rest in told(neighbours[0])] == [first_run]
    newer = a_county_run(county)
    work_off(county)
    assert [card.id for card, *_rest in told(neighbours[0])] == [newer]


def test_a_list_that_changed_meanwhile_is_not_guessed_at(county, neighbours, far):
    some_arrivals(neighbours[0], far, far)
    some_arrivals(neighbours[1], far)
    run_id = a_county_run(county)
    ((job_id, _state),) = due_jobs(county)
    with county.app.app_context():
        assert perform(JOBS, county.tenant_id, job_id) == "done"
    some_arrivals(neighbours[0], neighbours[0].inside(1))
    assert work_off(county) == ["done"]
    assert told(neighbours[0]) == []
    assert [card.id for card, *_rest in told(neighbours[1])] == [run_id]


def test_the_page_names_only_ones_own_and_the_finding_can_be_put_away(county, neighbours, far):
    first, second = neighbours
    some_arrivals(first, far, far)
    some_arrivals(second, far)
    run_id = a_county_run(county)
    work_off(county)
    colleague = a_person(first, "community_admin")
    page = colleague.client.get(f"{first.pages}/assignments/{run_id}").get_data(as_text=True)
    assert "另有别的社区 1 人" in page
    assert page.count("/members/") == 2
    assert "邻社区" not in page
    index = colleague.client.get(f"{first.pages}/assignments").get_data(as_text=True)
    assert "县里告知" in index
    with first.acting() as scope:
        discard_run(scope, run_id)
        assert runs(scope) == []
    office = a_person(county, "county_admin")
    page = office.client.get(f"{county.pages}/assignments/{run_id}").get_data(as_text=True)
    assert "虚构社区、邻社区" in page
    with county.acting() as scope:
        assert run(scope, run_id).state == "done"
