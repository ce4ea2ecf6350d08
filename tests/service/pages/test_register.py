"""The register: who finds whom, and who is seen to have looked."""

from __future__ import annotations

import re

import pytest

from tenants.members.homes import settle_home
from tenants.mobility.actions import EpisodeDraft, open_episodes
from tests.factories.buildings import a_building, a_compound
from tests.factories.members import a_member, some_members
from tests.service.pages.reading import words


def test_members_are_found_by_part_of_a_name_and_by_a_whole_phone(colleague, community):
    a_member(community, name="张一", phone="13900000001")
    a_member(community, name="李二", phone="13900000002")

    def found(asked):
        return words(colleague.client.get(f"{community.pages}/members?words={asked}"))

    def searched(asked):
        return colleague.client.post(f"{community.pages}/members/search", data={"words": asked})

    assert ("张一" in found("张"), "李二" in found("张")) == (True, False)
    assert "没有符合条件的人" in found("0000")
    assert "没有符合条件的人" in found("%25")
    for written in ("139 0000 0002", "+86 139-0000-0002", "１３９０００００００２"):
        there = words(searched(written))
        assert ("张一" in there, "李二" in there) == (False, True), written
    assert searched("张").headers["Location"].endswith("/members?words=%E5%BC%A0")


def test_a_number_is_never_looked_up_from_an_address(colleague, community):
    a_member(community, name="李二", phone="13900000002")
    answer = colleague.client.get(f"{community.pages}/members?words=13900000002")
    assert "李二" not in words(answer)
    assert "号码不要写在网址里" in words(answer)
    assert 'value="13900000002"' not in answer.get_data(as_text=True)


def test_people_are_found_by_their_building_and_by_their_compound(colleague, leader, community):
    compound = a_compound(community)
    third = a_building(community, compound=compound)
    far = a_building(community, "9号楼", compound=compound, cell=4)
    for name, where, cell in (("本栋者", third, 1), ("他栋者", far, 4)):
        member_id = a_member(community, name=name, home=community.inside(cell))
        with community.acting() as scope:
            settle_home(scope, member_id, where, 1)

    def found(who, asked):
        page = words(who.client.get(f"{community.pages}/members?words={asked}"))
        return "本栋者" in page, "他栋者" in page

    assert found(colleague, "清和小区三栋") == (True, False)
    assert found(colleague, "清和小区") == (True, True)
    assert found(leader, "清和小区") == (True, False)
    assert found(colleague, "三栋") == (False, False)


def test_filters_narrow_and_stay_in_the_pages_that_follow(colleague, community):
    some_members(community, 51, affiliation="incoming", branch_id=community.branches[1])
    a_member(community, name="本社区者")
    pages = f"{community.pages}/members?affiliation=incoming&branch={community.branches[1]}"
    first = colleague.client.get(pages)
    assert "本社区者" not in words(first)
    following = re.search(r'href="([^"]+)" rel="next"', first.get_data(as_text=True))[1]
    following = following.replace("&amp;", "&")
    assert f"branch={community.branches[1]}" in following
    assert "affiliation=incoming" in following
    assert len(re.findall(r"虚构党员\d+", words(colleague.client.get(following)))) == 1


def test_an_empty_register_says_what_to_do_next(colleague, leader, community):
    assert "把现有的表格" in words(colleague.client.get(f"{community.pages}/members"))
    assert "社区管理员导入名册后" in words(leader.client.get(f"{community.pages}/members"))


def test_a_card_masks_the_phone_and_shows_movements_and_readers(colleague, leader, community):
    member_id = a_member(
        community,
        name="张一",
        phone="13912345678",
        address="独特地址甲",
        branch_id=community.branches[0],
    )
    with community.acting() as scope:
        open_episodes(scope, [EpisodeDraft(member_id, "outflow", None, "务工", "外地区")])
    leader.client.get(f"{community.pages}/members/{member_id}")
    page = colleague.client.get(f"{community.pages}/members/{member_id}")
    found = words(page)
    assert "*******5678" in found
    assert "13912345678" not in page.get_data(as_text=True)
    assert "独特地址甲" not in page.get_data(as_text=True)
    assert "第1支部" in found
    assert "日期不详 至今 流出，去往外地区，务工" in found
    assert "网格长甲 查看了资料" in found
    assert "管理员丙 查看了资料" in found


def test_each_sees_only_the_people_who_are_theirs(leader, officer, community):
    own = a_member(community, name="本格者", branch_id=community.branches[1])
    other = a_member(
        community, name="他格者", home=community.inside(4), branch_id=community.branches[0]
    )
    for person, sees, not_seen in ((leader, own, other), (officer, other, own)):
        pages = f"{community.pages}/members"
        assert person.client.get(f"{pages}/{sees}").status_code == 200
        assert person.client.get(f"{pages}/{not_seen}").status_code == 404
        assert len(re.findall("者</a>", person.client.get(pages).get_data(as_text=True))) == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><b>x', "{{ 7*7 }}"])
def test_a_hostile_name_stays_text(colleague, community, name):
    member_id = a_member(community, name=name)
    for path in ("members", f"members/{member_id}", f"cards/members/{member_id}"):
        answer = colleague.client.get(f"{community.pages}/{path}")
        assert name in words(answer)
        assert "<script>alert" not in answer.get_data(as_text=True)


def test_more_says_what_the_software_does_not_do_and_what_one_may(leader, officer, community):
    found = words(leader.client.get(f"{community.pages}/more"))
    assert "不打分、不排名、不打卡" in found
    assert "决定流入党员编入哪个支部" in found
    assert "导入名册" not in found
    assert "登记流入党员" not in words(officer.client.get(f"{community.pages}/more"))
