"""Choosing where somebody lives: at registration, on the member's page, one after another."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.members.lookups import member_card, members
from tests.factories.arrivals import an_arrival
from tests.factories.buildings import a_building, a_compound
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.service.pages.reading import HTMX, faults, hidden, words


@pytest.fixture
def compound(community):
    return a_compound(community)


@pytest.fixture
def third(community, compound):
    return a_building(community, compound=compound)


@pytest.fixture
def somebody(community):
    return a_member(community, name="张一", home=None, address="清和小區三棟2单元301")


def checked(answer):
    """The values of the radios that are preselected."""
    return re.findall(r'type="radio"[^>]*value="([^"]*)" checked', answer.get_data(as_text=True))


def card(community, member_id):
    with community.acting() as scope:
        return member_card(scope, member_id)


# Registering an arrival


def test_an_address_leads_to_choices_and_the_choice_to_the_buildings_point(
    colleague, community, third
):
    pages = f"{community.pages}/arrivals/new"
    form = {"name": "来者甲", "address": "清和小区三栋1单元102"}
    page = colleague.client.post(pages, data={**form, "find": "1"})
    assert page.status_code == 200
    assert "清和小区3号楼" in words(page)
    assert "名称一致" in words(page)
    assert checked(page)[-1] == str(third)
    answer = colleague.client.post(pages, data={**form, "home_building": str(third)})
    assert answer.status_code == 302
    with community.acting() as scope:
        [line] = members(scope, words="来者甲")
        found = member_card(scope, line.id)
    assert (found.home_building, found.home_precision) == ("清和小区3号楼", "building")
    assert found.residence == "inside"
    assert found.has_address


def test_htmx_asks_for_choices_with_the_address_in_the_body(colleague, community, third):
    answer = colleague.client.post(
        f"{community.pages}/buildings/candidates", data={"address": "清和小区3#"}, headers=HTMX
    )
    assert f'name="home_building" value="{third}" checked' in answer.get_data(as_text=True)
    nothing = colleague.client.post(
        f"{community.pages}/buildings/candidates", data={"address": "火星路1号"}, headers=HTMX
    )
    assert "没有找到这个地址的楼栋" in words(nothing)


def test_a_building_and_numbers_for_the_home_are_one_too_many(colleague, community, third):
    lon, lat = community.inside(1)
    sent = {"name": "来者甲", "home_building": str(third), "home_lon": lon, "home_lat": lat}
    answer = colleague.client.post(
        f"{community.pages}/arrivals/new", data={**sent, "system": "wgs84"}
    )
    assert [field for field, _said in faults(answer)] == ["home_lon"]


def test_none_of_them_is_an_answer_too_and_stays_chosen(colleague, community, third):
    sent = {"name": "", "address": "清和小区3号楼", "home_building": ""}
    page = colleague.client.post(f"{community.pages}/arrivals/new", data=sent)
    assert page.status_code == 422
    assert checked(page)[-1] == ""


@pytest.mark.parametrize("forged", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_forged_building_is_told_at_the_address(colleague, community, forged):
    sent = {"name": "来者甲", "home_building": forged}
    answer = colleague.client.post(f"{community.pages}/arrivals/new", data=sent)
    assert [field for field, _said in faults(answer)] == ["address"]


# The member's page


def test_the_sealed_address_proposes_a_person_chooses_and_undoes(
    colleague, community, third, somebody
):
    pages = f"{community.pages}/members/{somebody}/home"
    page = colleague.client.get(pages)
    assert checked(page) == [str(third)]
    assert "301" not in page.get_data(as_text=True).replace(str(third), "")
    version = hidden(page, "version")
    sent = {"building": str(third), "version": version}
    page = colleague.client.post(pages, data=sent, follow_redirects=True)
    assert "清和小区3号楼，精确到楼栋" in words(page)
    assert "管理员丙 选定了住在哪里" in words(page)
    page = colleague.client.get(pages)
    assert "撤销上一次选择" in words(page)
    undone = colleague.client.post(
        f"{pages}/undo", data={"version": hidden(page, "version")}, follow_redirects=True
    )
    assert "住处恢复为原来的样子" in words(undone)
    assert card(community, somebody).home is None


def test_a_typed_address_is_searched_and_kept_only_when_none_was(colleague, community, third):
    member_id = a_member(community, home=None, address="")
    pages = f"{community.pages}/members/{member_id}/home"
    sent = {"address": "清和小区3号楼5单元", "version": "1"}
    page = colleague.client.post(pages, data={**sent, "find": "1"})
    assert checked(page) == [str(third)]
    assert "存为详细住址" in words(page)
    colleague.client.post(pages, data={**sent, "building": str(third), "keep": "1"})
    assert card(community, member_id).has_address


def test_nothing_chosen_is_told(colleague, community, third, somebody):
    page = colleague.client.post(
        f"{community.pages}/members/{somebody}/home", data={"building": "", "version": "1"}
    )
    assert page.status_code == 422
    assert "请先选一个小区或楼栋" in words(page)


def test_an_old_version_is_told_and_nothing_changes(colleague, community, third, somebody):
    page = colleague.client.post(
        f"{community.pages}/members/{somebody}/home",
        data={"building": str(third), "version": "9"},
        follow_redirects=True,
    )
    assert "有人刚刚改过这份资料" in words(page)
    assert card(community, somebody).home is None


def test_who_waits_for_a_branch_is_matched_again_from_the_new_place(colleague, community, third):
    arrival_id = an_arrival(community, home=None)
    assert work_off(community) == ["done"]
    with community.acting():
        member_id = db.session.execute(
            text("SELECT member_id FROM arrival WHERE id = :id"), {"id": arrival_id}
        ).scalar_one()
    colleague.client.post(
        f"{community.pages}/members/{member_id}/home",
        data={"building": str(third), "version": "1"},
    )
    assert work_off(community) == ["done"]
    page = colleague.client.get(f"{community.pages}/arrivals/{arrival_id}")
    assert "建议编入 第1支部" in words(page)


def test_other_roles_find_no_such_page(officer, outsider, community, somebody):
    pages = f"{community.pages}/members/{somebody}/home"
    assert officer.client.get(pages).status_code == 404
    assert outsider.client.get(pages).status_code == 404
    assert officer.client.get(f"{community.pages}/homes").status_code == 404


# One after another


def test_the_list_of_the_unplaced_goes_on_and_back(colleague, community, third, somebody):
    other = a_member(community, name="李二", home=None, address="没有的路1号")
    pages = f"{community.pages}/homes"
    page = colleague.client.get(pages)
    assert "还有 2 位" in words(page)
    assert "张一" in words(page)
    assert checked(page) == [str(third)]
    sent = {"building": str(third), "version": hidden(page, "version"), "from": "unplaced"}
    page = colleague.client.post(
        f"{community.pages}/members/{somebody}/home", data=sent, follow_redirects=True
    )
    assert "张一：清和小区3号楼" in words(page)
    assert "李二" in words(page)
    assert "没有找到楼栋" in words(page)
    undo = {"version": hidden(page, "version"), "from": "unplaced"}
    page = colleague.client.post(
        f"{community.pages}/members/{somebody}/home/undo", data=undo, follow_redirects=True
    )
    assert "还有 2 位" in words(page)
    skipped = colleague.client.get(f"{pages}?after={other}")
    assert "已经看到最后一位" in words(skipped)


def test_nobody_is_unplaced(colleague, community):
    assert "都有地点了" in words(colleague.client.get(f"{community.pages}/homes"))


def test_opening_the_list_is_a_reading_of_the_one_who_is_shown(colleague, community, somebody):
    colleague.client.get(f"{community.pages}/homes")
    with community.acting():
        found = db.session.execute(
            text("SELECT subject_id FROM audit_entry WHERE act = 'read_member'")
        ).scalars()
        assert list(found) == [somebody]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7*7 }}"])
def test_hostile_names_stay_words(colleague, community, name):
    building_id = a_building(community, f"{name}楼")
    member_id = a_member(community, name=name, home=None, address=f"{name}楼")
    for path in ("homes", f"members/{member_id}/home", f"buildings/{building_id}", "buildings"):
        answer = colleague.client.get(f"{community.pages}/{path}")
        assert name in words(answer), path
        assert "<script>alert" not in answer.get_data(as_text=True)
