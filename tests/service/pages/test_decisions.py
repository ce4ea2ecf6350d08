"""What a person decides about an arrival: by plain forms, and in place by htmx."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from tenants.database import db
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.jobs import work_off
from tests.service.pages.reading import HTMX, faults, hidden, words


@pytest.fixture
def at(community):
    """The address of a case with an open proposal of the first branch."""
    arrival_id, _ = a_proposed_arrival(community, name="来者甲")
    return f"{community.pages}/arrivals/{arrival_id}"


def decide(person, at, verb, **sent):
    """Press a button of the case's page; answers the page one is led to."""
    page = person.client.get(at)
    if verb in ("accept", "another"):
        sent = {"proposal": hidden(page, "proposal"), **sent}
    return person.client.post(f"{at}/{verb}", data=sent, follow_redirects=True)


def taken(community):
    with community.acting():
        rows = db.session.execute(text("SELECT id, taken FROM branch")).all()
        return [dict(rows)[branch] for branch in community.branches]


def test_accepting_takes_a_seat_and_can_be_undone(leader, community, at):
    found = words(decide(leader, at, "accept"))
    assert "已接受建议，编入第1支部。" in found
    assert "已编入 第1支部" in found
    assert "网格长甲 接受了建议：第1支部" in found
    assert taken(community) == [1, 0, 0]
    undone = words(decide(leader, at, "undo"))
    assert "已撤销" in undone
    assert "建议编入 第1支部" in undone
    assert taken(community) == [0, 0, 0]


def test_another_please_asks_for_no_reason_and_brings_another(leader, community, at):
    assert "正在匹配" in words(decide(leader, at, "another"))
    work_off(community)
    found = words(leader.client.get(at))
    assert "建议编入 第2支部" in found
    assert "更近、但没有选的支部 第1支部" in found
    assert "本人希望换一个" in found


def test_choosing_by_hand(leader, community, at):
    page = leader.client.get(f"{at}/choose")
    order = [words(page).index(f"第{number}支部") for number in (1, 2, 3)]
    assert order == sorted(order)
    found = words(decide(leader, at, "choose", branch=str(community.branches[2])))
    assert "已编入第3支部。" in found
    assert taken(community) == [0, 0, 1]


def test_what_is_proposed_to_others_is_told_and_ones_own_proposal_is_not(leader, community, at):
    a_proposed_arrival(community)
    found = words(leader.client.get(f"{at}/choose"))
    assert "余 10 个名额 其中 1 个已建议给别人" in found


def test_a_full_branch_cannot_be_chosen_and_says_so(leader, community, at):
    decide(leader, at, "choose", branch=str(community.branches[2]))
    other, _ = a_proposed_arrival(community)
    where = f"{community.pages}/arrivals/{other}"
    page = leader.client.get(f"{where}/choose").get_data(as_text=True)
    assert f'value="{community.branches[2]}" disabled' in page
    found = words(decide(leader, where, "choose", branch=str(community.branches[2])))
    assert "已经满员" in found
    assert "建议编入 第1支部" in found


def test_choosing_nothing_is_said(leader, at):
    answer = leader.client.post(f"{at}/choose", data={})
    assert answer.status_code == 422
    assert "请先选一个支部" in words(answer)


def test_who_is_second_is_told_and_shown_how_things_are(leader, colleague, at):
    seen = hidden(colleague.client.get(at), "proposal")
    decide(leader, at, "accept")
    answer = colleague.client.post(f"{at}/accept", data={"proposal": seen}, follow_redirects=True)
    assert answer.status_code == 200
    found = words(answer)
    assert "被别人处理过" in found
    assert "已编入 第1支部" in found


def test_a_proposal_of_somebody_else_decides_nothing_here(leader, community, at):
    other, proposal = a_proposed_arrival(community)
    found = words(decide(leader, at, "accept", proposal=str(proposal.id)))
    assert "建议刚刚变了" in found
    assert words(decide(leader, at, "accept", proposal=str(uuid4()))).count("建议刚刚变了") == 1
    assert taken(community) == [0, 0, 0]
    assert "建议编入" in words(leader.client.get(f"{community.pages}/arrivals/{other}"))


@pytest.mark.parametrize(
    ("target", "sign"),
    [
        ("case", '<div id="case"'),
        ("sheet-body", "<h2 data-at="),
        ("due-{id}", '<article class="due" id="due-{id}"'),
    ],
)
def test_htmx_is_answered_with_the_part_that_asked(leader, at, target, sign):
    id_ = at.rpartition("/")[2]
    sent = {"proposal": hidden(leader.client.get(at), "proposal")}
    headers = {**HTMX, "HX-Target": target.format(id=id_)}
    answer = leader.client.post(f"{at}/accept", data=sent, headers=headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert sign.format(id=id_) in page
    assert "<html" not in page
    assert "撤销" in page
    assert "已接受建议" in page


def test_an_unserved_one_is_matched_again_when_a_place_is_added(colleague, community):
    arrival_id = an_arrival(community, home=None, name="无处者")
    work_off(community)
    at = f"{community.pages}/arrivals/{arrival_id}"
    assert "还没有登记住处或工作地点" in words(colleague.client.get(at))
    lon, lat = community.inside(2)
    sent = {"work_lon": f"{lon}", "work_lat": f"{lat}", "system": "wgs84", "precision": "compound"}
    assert "位置已登记" in words(decide(colleague, at, "places", **sent))
    work_off(community)
    found = words(colleague.client.get(at))
    assert "建议编入 第2支部" in found
    assert "工作地点 已登记，精确到小区" in found


def test_adding_no_place_is_a_fault(colleague, at):
    answer = colleague.client.post(f"{at}/places", data={"precision": "building"})
    assert answer.status_code == 422
    assert faults(answer) == [("home_lon", "请至少填一处的经度和纬度。")]


def test_matching_again_leaves_the_case_waiting_until_a_worker_is_done(colleague, community):
    arrival_id = an_arrival(community, home=None)
    work_off(community)
    at = f"{community.pages}/arrivals/{arrival_id}"
    assert "正在匹配" in words(decide(colleague, at, "again"))
    assert work_off(community) == ["done"]
    assert "无人接收" in words(colleague.client.get(at))


def test_a_corrected_place_withdraws_the_proposal_made_for_the_old_one(colleague, community, at):
    lon, lat = community.inside(2)
    sent = {"home_lon": f"{lon}", "home_lat": f"{lat}", "system": "wgs84", "precision": "building"}
    assert "正在匹配" in words(decide(colleague, at, "places", **sent))
    work_off(community)
    found = words(colleague.client.get(at))
    assert "建议编入 第2支部" in found
    assert "没有比它更近的支部" in found


def test_a_place_in_a_colleagues_cell_hands_the_person_over(leader, community, at):
    lon, lat = community.inside(4)
    sent = {"home_lon": f"{lon}", "home_lat": f"{lat}", "system": "wgs84", "precision": "building"}
    answer = decide(leader, at, "places", **sent)
    assert answer.status_code == 200
    assert "由社区管理员接着办" in words(answer)
    assert leader.client.get(at).status_code == 404


def test_who_has_a_seat_is_not_matched_again_behind_it(leader, community, at):
    decide(leader, at, "accept")
    found = words(decide(leader, at, "again"))
    assert "请先撤销编入" in found
    assert "已编入 第1支部" in found
    assert taken(community) == [1, 0, 0]
