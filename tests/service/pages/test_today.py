"""The day's list, a visit in two taps, entering from paper, wishes and tablets."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tenants.arrivals.talks.actions import put_on_the_list
from tenants.mobility.actions import Departure, choose_pack, come_back, leave
from tests.factories.arrivals import an_arrival
from tests.factories.buildings import a_building
from tests.factories.members import a_member
from tests.factories.people import a_leader, a_person
from tests.factories.redirects import a_neighbour, a_redirect
from tests.factories.transfers import a_letter
from tests.factories.visits import a_visit, delivered
from tests.service.pages.reading import HTMX, words

TODAY = date.today()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def away(community):
    """Left 200 days ago under the township's rules: a contact each quarter."""
    member = a_member(community, name="虚构远行者")
    with community.acting() as scope:
        choose_pack(scope, "township", date(2020, 1, 1))
        leave(scope, Departure(member, days_ago(200), other_place="外地区"))
    return member


def today(who, **query):
    answer = who.client.get(f"{who.office.pages}/today", query_string=query)
    assert answer.status_code == 200
    return words(answer)


def tap(who, member, did="met", headers=None, **form):
    return who.client.post(
        f"{who.office.pages}/visits/of/{member}",
        data={"did": did, **form},
        headers=headers,
        follow_redirects=headers is None,
    )


def test_each_line_says_why_in_one_sentence_with_its_clause(leader, away):
    text = today(leader)
    assert "走访清单 1" in text and "虚构远行者" in text and "已过期 定期联系" in text
    assert "外出以后还没有联系上，按规定最迟" in text
    assert "（依据：001_afcb 一-1“指定的联系人每季度至少同流动党员联系一次”）。" in text


def test_two_taps_and_the_way_back(leader, away):
    done = tap(leader, away, headers=HTMX)
    assert "联系上了，上门" in words(done) and "撤销" in words(done)
    text = today(leader)
    assert "走访清单" not in text and "今天记的 1" in text
    [visit] = set(re.findall(r"/visits/([0-9a-f-]{36})/withdraw", done.text))
    back = leader.client.post(f"{leader.office.pages}/visits/{visit}/withdraw", headers=HTMX)
    assert "已撤销" in words(back) and "虚构远行者" in words(back)
    assert "走访清单 1" in today(leader) and "今天记的" not in today(leader)


def test_what_else_there_is_to_say_is_fetched_when_wanted(leader, community, away):
    elsewhere = a_member(community, home=community.inside(4))
    page = f"{community.pages}/visits/of"
    further = leader.client.get(f"{page}/{away}", headers=HTMX)
    assert "<html" not in further.text and "送了学习材料" in further.text
    assert leader.client.get(f"{page}/{elsewhere}", headers=HTMX).status_code == 404
    assert "送了学习材料" not in leader.client.get(f"{community.pages}/today").text


def test_an_attempt_is_no_contact(leader, away):
    tap(leader, away, "missed", headers=HTMX)
    assert "走访清单 1" in today(leader) and "已试 1 次" in today(leader)


def test_whoever_came_is_due_at_once_and_whoever_returned_is_talked_to(colleague, community):
    an_arrival(community, name="虚构新来者")
    back = a_member(community, name="虚构归来者")
    with community.acting() as scope:
        episode = leave(scope, Departure(back, days_ago(50)))
        come_back(scope, episode, days_ago(20), TODAY)
    text = today(colleague)
    assert "首次联系" in text and "来了就要及时联系、互留电话（依据：001_afcb 一-1" in text
    assert "返回谈话" in text and "还没有谈过话" in text
    tap(colleague, back, kind="return_visit")
    assert "还没有谈过话" not in today(colleague)
    moves = words(colleague.client.get(f"{community.pages}/movements"))
    assert "虚构归来者" in moves and "还没有谈" not in moves


def test_the_card_of_a_movement_knows_what_was_done(colleague, community, away):
    [episode] = set(
        re.findall(
            r"/movements/([0-9a-f-]{36})", colleague.client.get(f"{community.pages}/movements").text
        )
    )
    card = f"{community.pages}/movements/{episode}"
    before = words(colleague.client.get(card))
    assert "支部联系本人" in before and "已过期" in before.partition("支部联系本人")[2][:40]
    tap(colleague, away)
    after = words(colleague.client.get(card)).partition("支部联系本人")[2][:40]
    assert "未到期" in after


def test_filters_stay_in_the_address(colleague, away, community):
    an_arrival(community, name="虚构新来者", home=community.inside(4))
    assert "走访清单 2" in today(colleague)
    assert "走访清单 1" in today(colleague, kind="contact")
    assert "走访清单 1" in today(colleague, cell=str(community.cells[3]))
    assert "没有符合条件的人" in today(colleague, state="soon")


def test_the_note_is_short_sealed_and_the_members_own(leader, colleague, community, away):
    tap(leader, away, note="下次带学习材料来")
    page = f"{community.pages}/visits/of/{away}"
    assert "下次带学习材料来" in words(leader.client.get(page))
    assert "下次带学习材料来" in words(colleague.client.get(page))
    second = a_leader(community)
    text = words(second.client.get(page))
    assert "下次带学习材料来" not in text and "有一条简注" in text
    assert "下次带学习材料来" in words(colleague.client.get(f"{community.pages}/members/{away}"))
    assert tap(leader, away, note="长" * 121).status_code == 422


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"did": "danced"}, "请从列出的选项里选"),
        ({"on": (TODAY + timedelta(days=1)).isoformat()}, "还没有到"),
        ({"on": "2020-01-01"}, "早于一年以前"),
        ({"next_on": "2020-01-01"}, "下次的日期"),
        ({"note": "\x07响"}, "看不见的字符"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(leader, away, form, sentence):
    for headers in (None, HTMX):
        answer = tap(leader, away, **{"did": "met", **form}, headers=headers)
        assert answer.status_code == 422
        assert sentence in words(answer)
    assert "今天记的" not in today(leader)


def test_only_who_recorded_or_the_administrator_takes_back(leader, colleague, community, away):
    visit = a_visit(community, away, leader.scope)
    address = f"{community.pages}/visits/{visit}/withdraw"
    second = a_leader(community)
    assert "是别人记的" in words(second.client.post(address, follow_redirects=True))
    assert "已撤销" in words(colleague.client.post(address, follow_redirects=True))
    assert "已经撤销过" in words(colleague.client.post(address, follow_redirects=True))


def test_nobody_visits_people_who_are_not_theirs(leader, officer, outsider, community, away):
    elsewhere = a_member(community, home=community.inside(4))
    assert tap(leader, elsewhere).status_code == 404
    assert tap(officer, away).status_code == 404
    assert tap(leader, uuid4()).status_code == 404


def test_outcomes_from_paper_are_kept_together(leader, community, away):
    other = an_arrival(community, name="虚构新来者", home=community.inside(1))
    paper = f"{community.pages}/today/paper"
    page = leader.client.get(paper)
    assert "按纸补录" in words(page) and "虚构远行者" in words(page)
    [new] = [
        each
        for each in re.findall(r'name="did-([0-9a-f-]{36})"', page.get_data(as_text=True))
        if each != str(away)
    ]
    assert other
    yesterday, before = days_ago(1).isoformat(), days_ago(2).isoformat()
    bad = {"on": yesterday, f"did-{away}": "met", f"did-{new}": "met", f"on-{new}": "2020-01-01"}
    refused = leader.client.post(paper, data=bad)
    assert refused.status_code == 422 and "早于一年以前" in words(refused)
    assert "今天记的" not in today(leader)
    good = bad | {f"on-{new}": before, f"did-{new}": "no_answer"}
    answer = leader.client.post(paper, data=good, follow_redirects=True)
    assert "已补录 2 次走访" in words(answer)
    text = words(leader.client.get(f"{community.pages}/visits/of/{away}"))
    assert "按纸补录" in text
    assert "没找到人，电话" in words(answer)


def test_a_wish_goes_on_step_by_step_and_back(leader, community, away):
    tap(leader, away, wish="job")
    page = f"{community.pages}/requests"
    text = words(leader.client.get(page))
    assert "找工作" in text and "已收到" in text
    [request_id] = set(re.findall(r"/requests/([0-9a-f-]{36})/move", leader.client.get(page).text))

    def post(what, **form):
        return words(
            leader.client.post(f"{page}/{request_id}/{what}", data=form, follow_redirects=True)
        )

    assert "正在研究" in post("move", state="under_study", seen=1)
    assert "刚刚被别人处理过" in post("move", state="answered", seen=1)
    assert "已答复" in post("move", state="answered", seen=2)
    assert "退回一步" in post("undo")
    assert "刚刚被别人处理过" in post("move", state="confirmed")
    assert "没有未办结的求助" in post("move", state="closed")


def test_the_administrator_sees_tablets_and_takes_one_back(leader, colleague, community):
    device = uuid4()
    page = f"{community.pages}/devices"
    assert "还没有平板同步过" in words(colleague.client.get(page))
    delivered(leader, [], device)
    text = words(colleague.client.get(page))
    assert leader.name in text and "今天" in text
    assert leader.client.get(page).status_code == 404
    stopped = colleague.client.post(f"{page}/{device}/withdraw", follow_redirects=True)
    assert "已停用" in words(stopped)
    delivered(leader, [], device, status=410)
    colleague.client.post(f"{page}/{device}/give-back")
    delivered(leader, [], device)


def test_an_officer_has_a_day_too(officer, community):
    a_member(community, name="虚构支部党员", branch_id=community.branches[0])
    text = today(officer)
    assert "今天没有要办的事" in text and "等您决定" not in text


@pytest.fixture
def address(community):
    """An address in cell 1 that somebody moved to."""
    with community.acting() as scope:
        return put_on_the_list(scope, a_building(community), "602 室", TODAY)


def test_first_talks_stand_in_the_list_as_addresses(leader, officer, community, address):
    text = today(leader)
    assert "走访清单 1" in text and "3号楼 602 室" in text and "已去 0 次，最多 3 次" in text
    assert "还没有上门首谈（依据：000_d274 三-1" in text
    assert "3号楼" in today(leader, kind="first_talk")
    assert "3号楼" not in today(leader, kind="contact")
    assert "3号楼" not in today(officer)
    page = f"{community.pages}/talks/{address}"
    tried = leader.client.post(page, data={"outcome": "not_home"}, headers=HTMX)
    assert "再去" in words(tried) and "<html" not in tried.text
    assert "已去 1 次" in today(leader) and "以前不去" in today(leader)
    asked = leader.client.post(page, data={"outcome": "no_visit"}, headers=HTMX)
    assert "放回清单" in words(asked) and "3号楼" not in today(leader)
    back = {"back": "today"}
    leader.client.post(f"{page}/again", data=back)
    gone = leader.client.post(page, data={"outcome": "declared"}, headers=HTMX)
    assert gone.headers["HX-Redirect"].endswith("/arrivals/new")
    assert "3号楼" not in today(leader)


def test_first_talks_are_entered_from_paper_with_their_day(leader, community, address, away):
    page = f"{community.pages}/today/paper"
    assert f'name="said-{address}"' in leader.client.get(page).text
    later = (TODAY + timedelta(days=3)).isoformat()
    wrong = leader.client.post(
        page, data={f"said-{address}": "not_home", f"did-{away}": "met", "on": later}
    )
    assert wrong.status_code == 422 and "还没有到" in words(wrong)
    form = {f"said-{address}": "come_back", f"next-{address}": later, f"did-{away}": "met"}
    kept = leader.client.post(page, data=form, follow_redirects=True)
    assert "已补录 2 次走访" in words(kept) and "以前不去" in today(leader)
    form = {f"said-{address}": "not_a_member", "on": days_ago(1).isoformat()}
    assert "已补录 1 次走访" in words(leader.client.post(page, data=form, follow_redirects=True))
    again = leader.client.post(page, data=form)
    assert again.status_code == 422 and "首谈清单" in words(again)


def test_the_sheet_prints_all_of_the_list_however_long(leader, community, address, monkeypatch):
    for number in range(4):
        an_arrival(community, name=f"虚构新人{number}", home=community.inside(1, east=number))
    monkeypatch.setattr("service.pages.today.SHOWN", 2)
    assert "这里只列出前 2 行" in today(leader)
    sheet = words(leader.client.get(f"{community.pages}/today/sheet"))
    assert all(f"虚构新人{number}" in sheet for number in range(4)) and "602 室" in sheet
    assert "，5 行" in sheet and "一次最多" not in sheet
    monkeypatch.setattr("service.pages.today.PRINTED", 3)
    sheet = words(leader.client.get(f"{community.pages}/today/sheet"))
    assert "清单共 5 行，一次最多列 3 行" in sheet
    narrowed = words(leader.client.get(f"{community.pages}/today/sheet?kind=first_talk"))
    assert "，1 行" in narrowed and "虚构新人0" not in narrowed


def test_redirects_that_wait_for_us_are_said_above_the_list(leader, colleague, community):
    assert "件等我们答复" not in today(colleague)
    further = a_neighbour(community)
    a_redirect(community, further)
    asked = a_person(further, "community_admin")
    assert "有 1 件等我们答复" in today(asked)
    assert "件等我们答复" not in today(colleague)
    assert "件等我们答复" not in today(leader)


def test_letters_and_missing_liaisons_are_said_to_whoever_sees_to_them(
    leader, colleague, away, community
):
    a_letter(community, away, issued_on=TODAY, valid_to=TODAY)
    said = today(colleague)
    assert "快到期还没有出示的组织关系介绍信 1 封" in said
    assert "没有联系人的流动党员 1 名" in said
    assert "组织关系介绍信" not in today(leader)
