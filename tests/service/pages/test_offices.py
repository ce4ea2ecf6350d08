"""Places, and what the offices above see: numbers with their definitions, never a name."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tenants.organisations.actions import keep_reported_figure
from tests.factories.arrivals import an_arrival
from tests.factories.counties import a_community, beside
from tests.factories.figures import counted
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


def rows(page: str) -> dict[str, list[str]]:
    """Name of each line of the table -> what its cells show."""
    found = re.findall(r"<tr[^>]*>\s*<th scope=\"row\">(.*?)</tr>", page, re.S)
    return {
        re.sub(r"<[^>]+>", "", re.split(r"</th>", row)[0]).strip(): re.findall(
            r"number[^>]*>([^<]*)<", row
        )
        for row in found
    }


def test_a_county_sees_counts_by_township_that_add_up(county_admin, community):
    some_members(community, 8)
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    some_members(next_door, 6)
    for _ in range(3):
        an_arrival(next_door, home=None)
    work_off(next_door)
    counted(community, next_door)
    answer = county_admin.client.get(f"{community.county.pages}/tenants")
    found = rows(answer.text)
    assert found["虚构社区"][0] == "8"
    assert found["邻社区"][:6] == ["6", "0", "0", "0", "3", "9"]
    assert found["虚构镇"][0] == found["合计"][0] == "14"
    assert found["合计"][9] == "3"
    assert "组织关系在这里、没有转走的党员。" in words(answer)
    assert "不排名" in words(answer)


def test_small_counts_are_not_shown_above_and_cannot_be_worked_out(county_admin, community):
    some_members(community, 8)
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    some_members(next_door, 2)
    counted(community, next_door)
    found = rows(county_admin.client.get(f"{community.county.pages}/tenants").text)
    assert found["邻社区"][0] == found["虚构社区"][0] == "*"
    assert found["合计"][0] == "10"
    item = county_admin.program.get(f"{community.county.api}/tenants").get_json()["items"][-1]
    assert item["figures"]["affiliated"] is None
    assert "affiliated" in item["hidden"]


def test_a_community_sees_its_own_figures_exactly(colleague, community):
    some_members(community, 2, residence="outside")
    a_member(community, affiliation="reported_in")
    counted(community)
    answer = colleague.client.get(f"{community.pages}/figures")
    shown = re.findall(r"<summary><strong>([^<]*)</strong><span>([^<]*)<", answer.text)
    figures = {name: number for number, name in shown}
    assert (figures["直管"], figures["住在外面"]) == ("2", "2")
    assert (figures["在本地"], figures["双报到"]) == ("0", "1")
    assert "直管党员减去流出的、住在外面的和失联的" in words(answer)
    assert "<svg" in answer.text


def shown_figures(page: str) -> dict[str, str]:
    found = re.findall(r"<summary><strong>([^<]*)</strong><span>([^<]*)<", page)
    return {name: number for number, name in found}


def test_an_office_reads_no_small_count_on_its_own_page_either(
    county_admin, township_officer, community
):
    """One community below: its two who came are the office's two, this month's included."""
    some_members(community, 8)
    for _ in range(2):
        a_member(community, affiliation="incoming")
    counted(community)
    for who in (county_admin, township_officer):
        page = who.client.get(f"{who.office.pages}/figures").text
        figures = shown_figures(page)
        assert figures["流入"] == "*"
        of_table = rows(who.client.get(f"{who.office.pages}/tenants").text)
        assert [figures["直管"], figures["在本地"]] == [of_table["合计"][at] for at in (0, 5)]
        months = re.findall(r'data-label="(流入|在本地)">([^<]*)<', page)
        assert ("流入", "2") not in months
        assert ("流入", "*") in months
        # 8 of their own and 2 who came make 10: hiding one of the three is not enough.
        assert "*" in (figures["直管"], figures["在本地"])
        assert ("在本地", "10") not in months


def test_a_workbook_says_what_the_page_says(county_admin, community):
    some_members(community, 8)
    counted(community)
    answer = county_admin.client.get(f"{community.county.pages}/tenants/file?about=people")
    sheet = load_workbook(BytesIO(answer.data)).active
    cells = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert ["虚构社区", "8"] in [row[:2] for row in cells]
    assert any(row[0].startswith("直管：组织关系在这里") for row in cells)


def test_the_same_table_comes_on_paper(county_admin, community):
    some_members(community, 8)
    counted(community)
    answer = county_admin.client.get(f"{community.county.pages}/tenants/file?form=pdf")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].endswith(".pdf")


def test_a_day_that_is_none_is_told(county_admin, community):
    answer = county_admin.client.get(f"{community.county.pages}/tenants?day=昨天")
    assert answer.status_code == 422
    assert "日期写成" in words(answer)


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
    some_members(community, 12)
    counted(community)
    with community.acting() as scope:
        keep_reported_figure(scope, "members.affiliated", "33", "直管党员")
        keep_reported_figure(scope, "households.center", "", "党员中心户，原报告空白")
    found = words(county_admin.client.get(f"{community.county.pages}/tenants"))
    assert "虚构社区 直管党员 33 12 上报多 21" in found
    assert "党员中心户数 党员中心户，原报告空白 空白 无从计算" in found


def test_what_was_reported_is_kept_as_it_stands_and_can_be_dropped(colleague, community):
    pages = f"{community.pages}/figures"
    for key, value in (("members.total", "137"), ("members.age_under_50", "28"),
                       ("members.age_50_to_59", "20"), ("members.age_60_and_over", "87")):  # fmt: skip
        colleague.client.post(f"{pages}/reported", data={"key": key, "value": value})
    found = words(colleague.client.get(pages))
    assert "“党员总数，含流动党员”是 137，按年龄分的几项相加是 135，少 2。" in found
    dropped = re.search(r"/figures/reported/([0-9a-f-]+)/drop", colleague.client.get(pages).text)
    colleague.client.post(f"{pages}/reported/{dropped[1]}/drop")
    assert "少 2" not in words(colleague.client.get(pages))


@pytest.mark.parametrize("by", ["community", "township"])
def test_figures_are_drawn_and_small_ones_hatched(county_admin, community, by):
    some_members(community, 8)
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    some_members(next_door, 2)
    counted(community, next_door)
    pages = f"{community.county.pages}/tenants/drawn"
    page = county_admin.client.get(f"{pages}?figure=affiliated&by={by}").text
    assert page.count("<title>虚构") + page.count("<title>邻") == (2 if by == "community" else 1)
    assert ('class="dark"' in page) == (by == "community")
    assert "独特姓名" not in page
