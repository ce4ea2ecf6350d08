"""Cards on paper: what stands on them, and a code that opens nothing without signing in."""

from __future__ import annotations

from tests.factories.members import a_member
from tests.service.pages.reading import words


def test_both_cards_stand_on_one_sheet(colleague, community):
    member_id = a_member(community, name="虚构持卡", phone="19912345678")
    page = colleague.client.get(f"{community.pages}/members/{member_id}/cards")
    said = words(page)
    assert "流动党员登记卡" in said
    assert "流动党员联络信息卡" in said
    assert "虚构服务站" in said
    assert "19912345678" not in page.text
    assert "<svg" in page.text


def test_where_the_code_leads_nobody_gets_without_signing_in(anonymous, community):
    member_id = a_member(community, name="独特姓名甲")
    answer = anonymous.get(f"{community.pages}/members/{member_id}")
    assert answer.status_code == 302
    assert "独特姓名" not in answer.text


def test_a_leader_prints_for_the_people_of_their_cells_only(leader, community):
    elsewhere = a_member(community, home=community.inside(4))
    assert leader.client.get(f"{community.pages}/members/{elsewhere}/cards").status_code == 404
