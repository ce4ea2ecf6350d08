"""The pages of assignments: start, read, accept, take back, compare, discard; and the map."""

from __future__ import annotations

import json
import re

import pytest

from tenants.arrivals.lookups import arrival_of
from tenants.matching.actions import redirect
from tenants.matching.assignments import accepting
from tenants.matching.assignments.lookups import acceptances, run, runs
from tenants.members.actions import Place, keep_places
from tenants.people.history import history
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.assignments import a_run, some_arrivals
from tests.factories.jobs import work_off

BOX = "?bbox=112,28,113,29&zoom=15"


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def at(community, run_id, rest: str = "") -> str:
    return f"{community.pages}/assignments/{run_id}{rest}"


def test_a_run_is_started_and_found_again(community, colleague):
    some_arrivals(community, community.inside(1))
    page = text_of(colleague.client.get(f"{community.pages}/assignments"))
    assert "还没有安排过" in page
    assert 'value="3000"' in page
    sent = {"whom": "waiting", "basis": "home", "reach_metres": "2500", "keep_placed": "y"}
    answer = colleague.client.post(f"{community.pages}/assignments", data=sent)
    assert answer.status_code == 302
    with colleague.acting() as scope:
        (card,) = runs(scope)
    assert (card.basis, card.reach_metres, card.keep_placed) == ("home", 2500, True)
    assert "hx-get" in text_of(colleague.client.get(answer.headers["Location"]))
    work_off(community)
    assert "第1支部" in text_of(colleague.client.get(answer.headers["Location"]))
    assert "2.5 公里" in text_of(colleague.client.get(f"{community.pages}/assignments"))


@pytest.mark.parametrize(
    "wrong", [{"reach_metres": "0"}, {"reach_metres": "远"}, {"whom": "nobody"}, {"basis": ""}]
)
def test_what_cannot_be_asked_is_said_and_nothing_starts(community, colleague, wrong):
    sent = {"whom": "waiting", "basis": "home", "reach_metres": "2500", **wrong}
    answer = colleague.client.post(f"{community.pages}/assignments", data=sent)
    assert "还不能开始" in text_of(answer, 422)
    with colleague.acting() as scope:
        assert runs(scope) == []


def test_each_person_reads_why_not_the_nearer_one(community, colleague):
    some_arrivals(community, *[community.inside(3)] * 2)
    page = text_of(colleague.client.get(at(community, a_run(community))))
    why = re.search(r"<strong>第3支部</strong>.*?</li>", page).group()
    assert "名额已满" in why
    assert "再多一个名额，大家一共少走" in why
    assert "就是最近的支部" in page
    assert "已证明" in page


def test_the_unserved_are_named_with_their_reason(community, colleague):
    far = (community.centre[0] + 0.2, community.centre[1])
    some_arrivals(community, far, far, far, None)
    page = text_of(colleague.client.get(at(community, a_run(community), "?shown=unserved")))
    assert page.count("没有登记住址或工作地点的位置") == 2
    assert "可及范围内没有支部" in page
    assert "第 1 处：3 人" in page


def test_all_are_accepted_and_taken_back(community, colleague):
    people = some_arrivals(community, community.inside(1), community.inside(2))
    run_id = a_run(community)
    answer = colleague.client.post(at(community, run_id, "/accept"), follow_redirects=True)
    assert "已接受 2 人的安排" in text_of(answer)
    with colleague.acting() as scope:
        assert {arrival_of(scope, member).state for member in people} == {"placed"}
        (accepted,) = acceptances(scope, run_id)
    undo = at(community, run_id, f"/acceptances/{accepted.id}/undo")
    assert "2 人恢复原状" in text_of(colleague.client.post(undo, follow_redirects=True))
    assert "已经撤销过了" in text_of(colleague.client.post(undo, follow_redirects=True))


def test_one_is_accepted_in_place(community, colleague):
    member, _other = some_arrivals(community, community.inside(1), community.inside(1))
    run_id = a_run(community)
    href = at(community, run_id, f"/lines/{member}/accept")
    row = text_of(colleague.client.post(href, headers={"HX-Request": "true"}))
    assert row.strip().startswith("<tr>")
    assert "已接受" in row
    with colleague.acting() as scope:
        assert run(scope, run_id).accepted == 1
    again = text_of(colleague.client.post(href, follow_redirects=True))
    assert "已经处理过了" in again


def test_who_changed_meanwhile_is_told_by_name(community, colleague):
    member, _other = some_arrivals(community, community.inside(1), community.inside(1))
    run_id = a_run(community)
    with colleague.acting() as scope:
        redirect(scope, arrival_of(scope, member).id, community.branches[1])
        name = arrival_of(scope, member).name
    answer = colleague.client.post(at(community, run_id, "/accept"), follow_redirects=True)
    page = text_of(answer)
    assert "已接受 1 人的安排" in page
    assert f"{name}（情况刚刚有变）" in page


def test_two_runs_stand_side_by_side(community, colleague):
    case, _proposal = a_proposed_arrival(community, home=community.inside(3, north=30))
    with colleague.acting() as scope:
        redirect(scope, case, community.branches[2])
    some_arrivals(community, community.inside(3))
    before = a_run(community, whom="incoming")
    after = a_run(community, whom="incoming", keep_placed=False)
    page = text_of(colleague.client.get(at(community, after, f"/compare?with={before}")))
    assert "一共少走" in page
    assert page.count("</tr>") == 3


def test_a_discarded_run_is_gone(community, colleague):
    some_arrivals(community, community.inside(1))
    run_id = a_run(community)
    answer = colleague.client.post(at(community, run_id, "/discard"), follow_redirects=True)
    assert "没有人被改动" in text_of(answer)
    assert colleague.client.get(at(community, run_id)).status_code == 404


def test_the_map_carries_no_person_and_its_lines_no_name(community, colleague):
    far = (community.centre[0] + 0.2, community.centre[1])
    (member, *_far) = some_arrivals(community, community.inside(4), far, far, far)
    run_id = a_run(community)
    page = text_of(colleague.client.get(at(community, run_id, "/map")))
    assert "虚构党员" not in page
    assert "Wangge.layer" in page
    api = f"{community.api}/assignments/{run_id}/features"
    found = {
        layer: json.loads(text_of(colleague.client.get(f"{api}/{layer}{BOX}")))
        for layer in ("ways", "served", "unserved", "sites")
    }
    assert "虚构" not in json.dumps(found, ensure_ascii=False)
    (way,) = found["ways"]["features"]
    assert way["geometry"]["type"] == "LineString"
    assert way["properties"] == {"kind": "ways", "id": str(member), "own": False}
    start, end = way["geometry"]["coordinates"]
    assert tuple(start) == community.inside(4)
    assert tuple(end) in {community.inside(cell) for cell in (1, 2, 3)}
    assert [found[layer]["total"] for layer in ("served", "unserved", "sites")] == [1, 3, 1]
    elsewhere = "?bbox=10,10,11,11&zoom=15"
    assert json.loads(text_of(colleague.client.get(f"{api}/ways{elsewhere}")))["total"] == 0


def test_cards_of_the_map(community, colleague):
    far = (community.centre[0] + 0.2, community.centre[1])
    (member, lonely, *_rest) = some_arrivals(community, community.inside(4), far, far, far)
    cards = at(community, a_run(community), "/cards")
    assert "data-straight-line" in text_of(colleague.client.get(f"{cards}/served/{member}"))
    assert "没有支部" in text_of(colleague.client.get(f"{cards}/unserved/{lonely}"))
    assert "名额" in text_of(colleague.client.get(f"{cards}/branches/{community.branches[0]}"))
    assert "3 人住得较近" in text_of(colleague.client.get(f"{cards}/sites/1"))
    assert colleague.client.get(f"{cards}/sites/2").status_code == 404


def test_leaders_and_officers_plan_nothing(community, leader, officer):
    run_id = a_run(community)
    for who in (leader, officer):
        assert who.client.get(f"{community.pages}/assignments").status_code == 404
        assert who.client.get(at(community, run_id)).status_code == 404
        assert who.client.post(at(community, run_id, "/accept")).status_code == 404


def test_the_county_reads_numbers_and_no_names(county, community, county_admin):
    some_arrivals(community, community.inside(1), community.inside(2))
    pages = f"/t/{county.slug}/assignments"
    assert "全县统一安排" in text_of(county_admin.client.get(pages))
    sent = {"whom": "everybody", "basis": "nearer", "reach_metres": "3000"}
    answer = county_admin.client.post(pages, data=sent)
    assert answer.status_code == 302
    assert "hx-get" in text_of(county_admin.client.get(answer.headers["Location"]))
    assert set(work_off(county)) == {"done"}
    page = text_of(county_admin.client.get(answer.headers["Location"]))
    assert "虚构社区" in page
    assert "虚构党员" not in page
    assert "已证明" in page
    assert "全部接受" not in page


def test_many_are_accepted_by_a_job_whose_progress_the_page_shows(
    community, colleague, monkeypatch
):
    monkeypatch.setattr(accepting, "MOST_AT_ONCE", 1)
    some_arrivals(community, community.inside(1), community.inside(2))
    run_id = a_run(community)
    page = text_of(colleague.client.post(at(community, run_id, "/accept"), follow_redirects=True))
    assert "<progress" in page
    assert "全部接受" not in page
    assert "请等它完成" in text_of(
        colleague.client.post(at(community, run_id, "/accept"), follow_redirects=True)
    )
    work_off(community)
    page = text_of(colleague.client.get(at(community, run_id)))
    assert "<progress" not in page
    assert "撤销这次接受" in page


def test_who_came_after_a_run_is_weighed_and_nobody_is_moved(community, colleague):
    (told,) = some_arrivals(community, community.inside(3, north=200))
    run_id = a_run(community)
    page = text_of(colleague.client.get(at(community, run_id, "/newcomers")))
    assert "没有新来的人" in page
    (came,) = some_arrivals(community, community.inside(3))
    page = text_of(colleague.client.get(at(community, run_id, f"/newcomers?member={came}")))
    assert "要动 1 个已经安排好的人" in page
    assert re.search(r"别人都不动</dt><dd><strong>第1支部</strong>", page)
    assert re.search(r"允许别人换支部</dt><dd><strong>第3支部</strong>", page)
    with colleague.acting() as scope:
        assert {arrival_of(scope, member).state for member in (told, came)} == {"signalled"}
    missing = colleague.client.get(at(community, run_id, f"/newcomers?member={told}"))
    assert missing.status_code == 404


def test_a_run_whose_facts_changed_answers_with_a_sentence(community, colleague):
    (told,) = some_arrivals(community, community.inside(3))
    run_id = a_run(community)
    (came,) = some_arrivals(community, community.inside(3))
    with colleague.acting() as scope:
        keep_places(scope, told, home=Place(*community.inside(1)))
    page = text_of(colleague.client.get(at(community, run_id, f"/newcomers?member={came}")))
    assert "情况有变" in page


def test_who_is_listed_can_read_that_they_were(community, colleague):
    (member,) = some_arrivals(community, community.inside(1))
    run_id = a_run(community)
    colleague.client.get(at(community, run_id))
    with colleague.acting() as scope:
        assert "read_members" in {entry.act for entry in history(scope, "member", member)}


def test_a_newcomer_can_be_registered_as_probationary(community, colleague):
    page = text_of(colleague.client.get(f"{community.pages}/arrivals/new"))
    assert 'value="probationary"' in page
