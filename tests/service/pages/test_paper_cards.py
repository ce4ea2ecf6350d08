"""Cards on paper: what stands on them, and a code that opens nothing without signing in."""

from __future__ import annotations

from datetime import date

from tenants.mobility.actions import EpisodeDraft, open_episodes
from tests.factories.liaisons import an_absentee, named
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


def test_a_day_that_is_half_known_is_not_printed_as_a_whole_one(colleague, community):
    """Domain Q8: March is not the first of March, neither on the card nor on the page."""
    member_id = a_member(community)
    with community.acting() as scope:
        draft = EpisodeDraft(member_id, "outflow", date(2025, 3, 1), started_precision="month")
        open_episodes(scope, [draft])
    for path in ("", "/cards"):
        said = words(colleague.client.get(f"{community.pages}/members/{member_id}{path}"))
        assert "2025年3月" in said
        assert "2025年3月1日" not in said


def test_the_carried_card_names_the_liaison_who_can_be_reached(colleague, community):
    member_id = an_absentee(community)
    pages = f"{community.pages}/members/{member_id}/cards"
    assert "联系人 ________" in words(colleague.client.get(pages))
    named(community, colleague, member_id)
    assert "联系人 管理员丙" in words(colleague.client.get(pages))
