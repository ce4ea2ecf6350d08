"""The county's directory: branches and stations, searched by their name or their keeper's."""

from __future__ import annotations

import pytest

from service.pages import places
from tests.factories.members import a_member
from tests.factories.redirects import a_neighbour


def html(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_community_searches_the_whole_county_and_sees_no_person(community, colleague):
    neighbour = a_neighbour(community)
    a_member(neighbour, name="虚构党员午")
    query = {"of": "county", "words": neighbour.scope.name}
    page = html(colleague.client.get(f"{community.pages}/places", query_string=query))
    assert page.count(neighbour.scope.name) >= 4
    assert "虚构社区</td>" not in page
    assert "虚构党员午" not in page


def test_a_large_county_is_not_listed_whole_unless_asked(monkeypatch, community, county_admin):
    monkeypatch.setattr(places, "SHOWN", 2)
    address = f"{community.county.pages}/places"
    page = html(county_admin.client.get(address))
    assert "供打印" in page
    assert ("第2支部" in page, "第3支部" in page) == (True, False)
    assert "第3支部" in html(county_admin.client.get(f"{address}?all=1"))


@pytest.mark.parametrize("who", ["leader", "officer"])
def test_everybody_in_a_community_may_look(request, community, who):
    reader = request.getfixturevalue(who)
    answer = reader.client.get(f"{community.pages}/places?of=county")
    assert answer.status_code == 200
