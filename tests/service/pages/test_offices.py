"""Places, and what the offices above see: numbers with their definitions, never a name."""

from __future__ import annotations

import re

import pytest

from tenants.organisations.actions import keep_reported_figure
from tests.factories.arrivals import an_arrival
from tests.factories.counties import a_community, beside
from tests.factories.jobs import work_off
from tests.factories.members import a_member, some_members
from tests.service.pages.reading import words


def test_a_community_sees_its_own_places_and_the_countys_directory(officer, community):
    a_community(community.county, name="邻社区", centre=beside(community))
    pages = f"{community.pages}/places"
    own = words(officer.client.get(pages))
    assert "支部 3" in own
    assert "0 / 10 余 10 个名额" in own
    assert "周一至周五 9:00-17:00" in own
    whole = words(officer.client.get(f"{pages}?of=county"))
    assert "支部 6" in whole
    assert "邻社区" in whole
    assert "支部 2" in words(officer.client.get(f"{pages}?of=county&words=第2"))


def test_a_county_sees_counts_by_township_that_add_up(county_admin, community):
    some_members(community, 3)
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    some_members(next_door, 2)
    an_arrival(next_door, home=None)
    work_off(next_door)
    answer = county_admin.client.get(f"{community.county.pages}/tenants")
    rows = re.findall(r"<tr[^>]*>\s*<th scope=\"row\">(.*?)</tr>", answer.text, re.S)
    counts = {
        re.match(r"[^<]+", row)[0].strip(): [int(n) for n in re.findall(r"number[^>]*>(\d+)<", row)]
        for row in rows
    }
    assert counts["虚构社区"][0] == 3
    assert counts["邻社区"][:6] == [2, 0, 0, 1, 0, 1]
    assert counts["虚构镇"][0] == counts["合计"][0] == 5
    assert counts["合计"][5] == 1
    assert "组织关系在该社区、没有转走的党员人数。" in words(answer)
    assert "不排名" in words(answer)


def test_a_township_sees_its_own_communities(township_officer, community):
    found = words(township_officer.client.get(f"{community.county.township.pages}/tenants"))
    assert "虚构社区" in found
    assert "虚构县" not in found


@pytest.mark.parametrize("path", ["tenants", "places"])
def test_no_name_goes_up(county_admin, community, path):
    a_member(community, name="独特姓名甲")
    an_arrival(community, name="独特姓名乙")
    page = county_admin.client.get(f"{community.county.pages}/{path}").get_data(as_text=True)
    assert "独特姓名" not in page


def test_a_reported_figure_stands_beside_the_computed_one(county_admin, community):
    some_members(community, 2)
    with community.acting() as scope:
        keep_reported_figure(scope, "members.affiliated", "33", "直管党员")
        keep_reported_figure(scope, "households.center", "", "党员中心户，原报告空白")
    found = words(county_admin.client.get(f"{community.county.pages}/tenants"))
    assert "虚构社区 直管党员 33 2 不一致" in found
    assert "党员中心户，原报告空白 空白 无从计算" in found
