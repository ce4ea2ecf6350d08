"""Redirects on pages: from the case to the neighbour's branch, and what the county sees."""

from __future__ import annotations

import re

import pytest

from tenants.redirects.actions import escalate
from tenants.redirects.lookups import leg
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.counties import a_community
from tests.factories.jobs import work_off
from tests.factories.people import a_person
from tests.factories.redirects import a_neighbour, a_redirect, an_accepted_redirect


def html(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def neighbour(community):
    return a_neighbour(community)


@pytest.fixture
def other(neighbour):
    """Administers the neighbouring community."""
    return a_person(neighbour, "community_admin", name="邻社区丁")


def test_from_a_case_to_the_neighbours_register(community, neighbour, colleague, other):
    arrival_id = an_arrival(community, name="虚构党员寅", home=community.inside(2, east=240))
    case = html(colleague.client.get(f"{community.pages}/arrivals/{arrival_id}"))
    address = f"{community.pages}/arrivals/{arrival_id}/redirect"
    assert address in case
    form = html(colleague.client.get(address))
    first = re.search(r'name="branch" value="([-0-9a-f]{36})"', form)[1]
    assert first in {str(branch) for branch in neighbour.branches}
    assert colleague.client.post(address, data={"reason": "nearer"}).status_code == 422
    assert colleague.client.post(address, data={"branch": first}).status_code == 422
    made = colleague.client.post(address, data={"branch": first, "reason": "nearer"})
    mine = made.headers["Location"]
    assert colleague.client.get(address).headers["Location"] == mine
    work_off(community)

    theirs = mine.replace(community.slug, neighbour.slug)
    page = html(other.client.get(theirs))
    assert "虚构党员寅" not in page
    assert "等我们答复" in html(other.client.get(f"{neighbour.pages}/redirects"))
    assert other.client.post(f"{theirs}/accept", data={"branch": first}).status_code == 302
    work_off(neighbour)
    assert "同意转出" in html(colleague.client.get(mine))
    assert colleague.client.post(f"{mine}/release").status_code == 302
    work_off(community)
    assert "已转出" in html(colleague.client.get(f"{community.pages}/redirects"))
    assert "虚构党员寅" in html(other.client.get(f"{neighbour.pages}/members"))
    assert "虚构党员寅" not in html(colleague.client.get(f"{community.pages}/members"))


def test_a_branch_next_door_is_suggested_on_the_case_and_taken(community, neighbour, colleague):
    edge, _ = a_proposed_arrival(community, name="虚构党员未", home=community.inside(4, east=240))
    middle, _ = a_proposed_arrival(community, home=community.inside(1))
    assert colleague.client.get(f"{community.pages}/arrivals/{middle}/nearer").status_code == 204
    address = f"{community.pages}/arrivals/{edge}/nearer"
    said = html(colleague.client.get(address))
    assert "东邻社区，第3支部" in said and "还有 1 个名额" in said
    assert "建议转往东邻社区" in html(colleague.client.get(f"{community.pages}/arrivals"))
    assert "虚构党员未" in html(colleague.client.get(f"{community.pages}/redirects"))
    take, decline = re.findall(r'action="([^"]+/redirects/suggestions/[^"]+)"', said)
    case = colleague.client.post(decline).headers["Location"]
    assert case.endswith(f"/arrivals/{edge}")
    assert "留在本社区" in html(colleague.client.get(case))
    declined = html(colleague.client.get(address))
    assert "已决定留在本社区" in declined
    [again] = re.findall(r'action="([^"]+/think-again)"', declined)
    assert colleague.client.post(again).status_code == 302
    assert colleague.client.post(again).status_code == 302
    assert "刚刚被别人处理过" in html(colleague.client.get(case))
    assert colleague.client.post(take).headers["Location"] == case
    assert colleague.client.get(address).status_code == 204
    assert "等对方答复" in html(colleague.client.get(f"{community.pages}/redirects"))


@pytest.mark.parametrize(
    ("way", "data", "said"),
    [
        ("correction", {"answer": "place_unclear"}, "等对方更正"),
        ("escalate", {"answer": "all_full"}, "已请县里协调"),
    ],
)
def test_the_ways_on_of_whoever_was_asked(community, neighbour, other, way, data, said):
    redirect_id, _ = a_redirect(community, neighbour)
    address = f"{neighbour.pages}/redirects/{redirect_id}"
    assert other.client.post(f"{address}/{way}").status_code == 422
    assert other.client.post(f"{address}/{way}", data=data).status_code == 302
    assert said in html(other.client.get(address))
    again = other.client.post(f"{address}/{way}", data=data)
    assert again.status_code == 409


def test_passing_on_names_a_third_community(community, neighbour, other):
    third = a_community(community.county, name="西邻社区")
    redirect_id, _ = a_redirect(community, neighbour)
    address = f"{neighbour.pages}/redirects/{redirect_id}"
    assert "西邻社区" in html(other.client.get(address))
    data = {"branch": str(third.branches[0]), "answer": "other_nearer"}
    assert other.client.post(f"{address}/pass-on", data=data).status_code == 302


def test_a_seat_that_is_gone_is_said_where_one_stands(community, neighbour, other):
    redirect_id, _ = a_redirect(community, neighbour)
    third_branch = str(neighbour.branches[2])
    address = f"{neighbour.pages}/redirects/{redirect_id}/accept"
    assert other.client.post(address, data={"branch": third_branch}).status_code == 302
    second, _ = a_redirect(community, neighbour)
    address = f"{neighbour.pages}/redirects/{second}/accept"
    answer = other.client.post(address, data={"branch": third_branch})
    assert answer.status_code == 409


def test_the_county_sees_numbers_and_ages_and_settles(community, neighbour, county_admin):
    third = a_community(community.county, name="西邻社区")
    redirect_id, _ = a_redirect(community, neighbour, name="虚构党员卯")
    with neighbour.acting() as scope:
        escalate(scope, redirect_id, "all_full")
    work_off(neighbour)
    county = community.county
    page = html(county_admin.client.get(f"{county.pages}/redirects"))
    assert community.scope.name in page
    assert "虚构党员卯" not in page
    address = f"{county.pages}/redirects/{redirect_id}"
    assert "虚构党员卯" not in html(county_admin.client.get(address))
    data = {"branch": str(third.branches[1])}
    assert county_admin.client.post(f"{address}/settle", data=data).status_code == 302
    work_off(county)
    with third.acting() as scope:
        assert leg(scope, redirect_id).by_county


def test_pages_with_nothing_say_what_to_do(community, colleague, county_admin):
    assert "没有正在转出的" in html(colleague.client.get(f"{community.pages}/redirects"))
    page = html(county_admin.client.get(f"{community.county.pages}/redirects"))
    assert "没有正在办的转接" in page


def test_programs_do_their_half_too(community, neighbour, colleague, other):
    redirect_id, arrival_id = an_accepted_redirect(community, neighbour)
    (line,) = colleague.program.get(f"{community.api}/redirects").json["items"]
    assert (line["state"], line["arrival_id"]) == ("accepted", str(arrival_id))
    (theirs,) = other.program.get(f"{neighbour.api}/redirects").json["items"]
    assert (theirs["name"], theirs["member_id"]) == ("", None)
    decide = f"{community.api}/redirects/{redirect_id}/decide"
    assert colleague.program.post(decide, json={"act": "refuse"}).status_code == 422
    assert colleague.program.post(decide, json={"act": "release"}).json["state"] == "released"
    assert colleague.program.post(decide, json={"act": "release"}).status_code == 409


def test_the_county_is_not_told_of_one_or_two(community, neighbour, county_admin):
    a_redirect(community, neighbour)
    page = html(county_admin.client.get(f"{community.county.pages}/redirects"))
    [row] = re.findall(r'<td data-label="件数" class="number">([^<]*)</td>', page)
    assert row == "*"
    assert re.search(r'<h2 id="waiting-title">正在办的 </h2>', page)
