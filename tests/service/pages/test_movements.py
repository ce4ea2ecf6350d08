"""The pages of movements as a person uses them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenants.mobility.actions import Departure, choose_pack, leave
from tenants.people.history import history
from tests.factories.members import a_member
from tests.service.pages.reading import faults, words

TODAY = date.today()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def member(community):
    return a_member(community, name="虚构外出者")


@pytest.fixture
def episode_id(community, member):
    """Away for 100 days, the place not said, under Xijie's rules."""
    with community.acting() as scope:
        choose_pack(scope, "xijie", date(2020, 1, 1))
        return leave(scope, Departure(member, days_ago(100), other_place="外地区"))


def listed(who, **query):
    return words(who.client.get(f"{who.office.pages}/movements", query_string=query))


def shown(who, episode_id):
    return words(who.client.get(f"{who.office.pages}/movements/{episode_id}"))


def said(who, episode_id, what, /, **form):
    answer = who.client.post(
        f"{who.office.pages}/movements/{episode_id}/{what}", data=form, follow_redirects=True
    )
    assert answer.status_code == 200
    return words(answer)


def test_the_list_says_the_class_and_the_clause_it_follows_from(colleague, episode_id):
    text = listed(colleague)
    assert "外出 1" in text and "虚构外出者 外地区" in text
    assert "100 天" in text and "中期外出 按实际" in text
    assert "时间在三个月以内的" in text and "002_b488 §一-二" in text
    assert "西街社区流动党员管理制度" in text


def test_two_packs_stand_side_by_side(colleague, episode_id):
    text = listed(colleague, beside="national-2024")
    assert "全国现行规定（待核对原文） 虚构外出者" in text
    assert "短期外出" in text and "连续6个月以上" in text


def test_an_empty_list_says_what_to_do(colleague):
    assert "有人要外出时在这里登记" in listed(colleague)


def test_who_changes_class_within_fourteen_days(colleague, community, member):
    with community.acting() as scope:
        choose_pack(scope, "xijie", date(2020, 1, 1))
        leave(scope, Departure(member, days_ago(85)))
    text = listed(colleague)
    assert "14 天内类别会变 1" in text and "短期外出 中期外出" in text


def test_a_departure_is_registered_in_two_steps(colleague, member):
    pages = f"{colleague.office.pages}/movements/new"
    found = colleague.client.get(pages, query_string={"words": "虚构外出者"})
    assert "虚构外出者" in words(found) and f"member_id={member}" in found.text
    answer = colleague.client.post(
        pages,
        data={
            "member_id": str(member),
            "started_on": days_ago(3).isoformat(),
            "planned_until": (TODAY + timedelta(days=300)).isoformat(),
            "other_place": "某市某区",
            "fixed": "yes",
        },
        follow_redirects=True,
    )
    text = words(answer)
    assert "已登记外出" in text and "长期外出，地点固定" in text and "按预计" in text


def test_somebody_is_found_by_phone_and_the_number_stands_in_no_address(colleague, community):
    member = a_member(community, name="虚构来电者", phone="13900001234")
    pages = f"{colleague.office.pages}/movements"
    for number in ("139 0000 1234", "１３９００００１２３４"):
        found = colleague.client.post(f"{pages}/whom", data={"words": number})
        assert found.status_code == 200 and f"member_id={member}" in found.text
    asked = colleague.client.get(f"{pages}/new", query_string={"words": "13900001234"})
    assert "虚构来电者" not in words(asked) and "不要写在网址里" in words(asked)
    assert "13900001234" not in asked.text
    by_name = colleague.client.post(f"{pages}/whom", data={"words": "来电"})
    assert by_name.status_code == 303 and "words=" in by_name.location
    listed_by = colleague.client.post(f"{pages}/search", data={"words": "13900001234"})
    assert listed_by.status_code == 303 and "1390" not in listed_by.location


def test_the_list_keeps_its_name_and_its_second_pack_in_the_address(colleague, episode_id):
    answer = colleague.client.post(
        f"{colleague.office.pages}/movements/search",
        data={"words": "虚构", "beside": "fuyun"},
        follow_redirects=True,
    )
    assert "外出 1" in words(answer) and "富蕴县流动党员登记" in words(answer)


def test_whoever_is_away_already_is_shown_so_before_it_is_registered_again(
    colleague, member, episode_id
):
    pages = f"{colleague.office.pages}/movements/new"
    found = colleague.client.get(pages, query_string={"words": "虚构外出者"})
    assert "已登记外出 看这一次" in words(found) and f"/movements/{episode_id}" in found.text
    form = colleague.client.get(pages, query_string={"member_id": str(member)})
    assert "还没有登记返回" in words(form)


def test_a_list_of_people_is_written_down_for_each_of_them(
    colleague, community, member, episode_id
):
    listed(colleague)
    colleague.client.get(
        f"{colleague.office.pages}/movements/new", query_string={"words": "虚构外出者"}
    )
    with community.acting() as scope:
        acts = [each.act for each in history(scope, "member", member)]
    assert acts.count("read_members") == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"started_on": ""}, "started_on"),
        ({"started_on": "2026-02-30"}, "started_on"),
        ({"planned_until": "2000-01-01"}, "planned_until"),
        ({"season_first": "13", "season_last": "2"}, "season_first"),
        ({"other_place": "虚构区虚构路 5 号 3 单元"}, "other_place"),
        ({"other_place": "虚构区 13900007788"}, "other_place"),
    ],
)
def test_a_departure_that_cannot_be_marks_its_field_and_keeps_nothing(
    colleague, member, changed, field
):
    form = {"member_id": str(member), "started_on": days_ago(3).isoformat(), **changed}
    answer = colleague.client.post(f"{colleague.office.pages}/movements/new", data=form)
    assert answer.status_code == 422
    assert [name for name, _ in faults(answer)] == [field]
    assert "外出 1" not in listed(colleague)


def test_return_talk_and_undo(colleague, episode_id):
    back = days_ago(1).isoformat()
    assert "不在流动" in said(colleague, episode_id, "return", on=back)
    text = listed(colleague)
    assert "外出 1" not in text and "近 90 天返回的 1" in text and "还没有谈" in text
    assert "返回谈话" in said(colleague, episode_id, "debrief", on=TODAY.isoformat())
    assert "中期外出" in said(colleague, episode_id, "take-back")


def test_a_later_return_and_the_place_change_the_class(colleague, episode_id):
    until = (TODAY + timedelta(days=200)).isoformat()
    assert "没有登记地点是否固定" in said(colleague, episode_id, "extend", on=until)
    assert "长期外出，地点不固定" in said(colleague, episode_id, "place", fixed="no")


def test_a_persons_word_needs_a_reason_and_stays_visible(colleague, episode_id):
    assert "要写明理由" in said(colleague, episode_id, "class", name="short", reason=" ")
    text = said(colleague, episode_id, "class", name="short", reason="下周就回")
    assert "短期外出 由人改定：下周就回。按规则是 中期外出" in text
    assert "请从列出的类别中选" in said(colleague, episode_id, "class", name="none", reason="x")


@pytest.mark.parametrize(
    ("what", "form", "sentence"),
    [
        ("return", {"on": ""}, "请填完整的日期"),
        ("return", {"on": "3026-01-01"}, "返回日期还没有到"),
        ("return", {"on": "1999-01-01"}, "返回日期早于外出日期"),
        ("extend", {"on": "1999-01-01"}, "预计返回的日期早于外出日期"),
        ("debrief", {"on": "2026-01-01"}, "还没有登记返回"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(colleague, episode_id, what, form, sentence):
    assert sentence in said(colleague, episode_id, what, **form)


def test_settled_elsewhere_is_an_invitation(colleague, episode_id):
    assert "是否转由本人决定" in said(colleague, episode_id, "settle")


def test_only_the_administrator_chooses_the_pack(colleague, leader, episode_id):
    chosen = {"pack": "fuyun"}
    assert "换一个规则包" not in listed(leader)
    refused = leader.client.post(f"{leader.office.pages}/movements/pack", data=chosen)
    assert refused.status_code == 403
    assert "西街社区" in listed(colleague)
    answer = colleague.client.post(
        f"{colleague.office.pages}/movements/pack", data=chosen, follow_redirects=True
    )
    assert "富蕴县流动党员登记、联络汇报制度 今天起" in words(answer).replace(
        f"{TODAY.year}年{TODAY.month}月{TODAY.day}日起", "今天起"
    )


def test_opening_an_episode_is_written_down_for_the_person(colleague, member, episode_id):
    shown(colleague, episode_id)
    card = words(colleague.client.get(f"{colleague.office.pages}/members/{member}"))
    assert card.count("查看了资料") == 2


def test_an_officer_of_another_branch_finds_nothing(officer, episode_id):
    assert "没有人外出" in listed(officer)
    answer = officer.client.post(f"{officer.office.pages}/movements/{episode_id}/settle")
    assert answer.status_code in (302, 404)
    assert officer.client.get(f"{officer.office.pages}/movements/{episode_id}").status_code == 404


def test_a_mistaken_departure_can_be_withdrawn(colleague, episode_id):
    text = said(colleague, episode_id, "withdraw")
    assert "已撤销这次外出的登记" in text and "没有人外出" in text
    answer = colleague.client.get(f"{colleague.office.pages}/movements/{episode_id}")
    assert answer.status_code == 404


def test_every_word_on_returning_stays_visible_with_its_day(colleague, community, member):
    with community.acting() as scope:
        away = leave(scope, Departure(member, days_ago(30), planned_until=days_ago(3)))
    assert "流出，外出中。" in shown(colleague, away)
    until = TODAY + timedelta(days=90)
    text = said(colleague, away, "extend", on=until.isoformat(), precision="month")
    assert "外出中，改过预计返回" in text
    assert f"最初：{days_ago(3).year}年" in text and f"说：{until.year}年{until.month}月 " in text


def test_a_day_known_to_the_month_is_not_invented(colleague, member):
    answer = colleague.client.post(
        f"{colleague.office.pages}/movements/new",
        data={
            "member_id": str(member),
            "started_on": "2026-03-15",
            "started_precision": "month",
            "planned_until": (TODAY + timedelta(days=400)).isoformat(),
            "planned_precision": "year",
        },
        follow_redirects=True,
    )
    text = words(answer)
    assert "外出日期 2026年3月 " in text
    assert f"预计返回 {(TODAY + timedelta(days=400)).year}年 " in text


def test_a_herders_season_is_said_later_and_taken_back(colleague, community, member):
    """Left in season; out of season today or not, the class follows the months that were said."""
    with community.acting() as scope:
        choose_pack(scope, "fuyun", date(2020, 1, 1))
        away = leave(scope, Departure(member, days_ago(40)))
    first, last = (days_ago(40).month, (TODAY + timedelta(days=40)).month)
    text = said(colleague, away, "season", first=str(first), last=str(last))
    assert "季节性外出" in text and f"每年 {first} 月到 {last} 月" in text
    assert "已过期" not in text and "季节内不催" in text
    assert "两个都填或都不填" in said(colleague, away, "season", first="4", last="")
    assert "已去掉季节" in said(colleague, away, "season", first="", last="")
    assert "季节性外出" not in shown(colleague, away).split("同一段经历")[0]


@pytest.mark.parametrize(
    ("do", "what", "marked"),
    [
        ("settle", "settle", "已定居外地。可以邀请转移"),
        ("file", "file", "撤销备案的登记"),
    ],
)
def test_what_was_said_by_mistake_is_taken_back(colleague, episode_id, do, what, marked):
    assert marked in said(colleague, episode_id, do, on=TODAY.isoformat())
    text = said(colleague, episode_id, "undo", what=what)
    assert "已撤销" in text and marked not in text
    assert "本来就没有登记" in said(colleague, episode_id, "undo", what=what)
    assert "请说明要撤销哪一项" in said(colleague, episode_id, "undo", what="filed_on")


def test_a_talk_has_a_day_that_can_be_and_is_taken_back_alone(colleague, episode_id):
    said(colleague, episode_id, "return", on=days_ago(5).isoformat())
    early = said(colleague, episode_id, "debrief", on=days_ago(6).isoformat())
    assert "谈话日期早于返回日期" in early
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert "日期还没有到" in said(colleague, episode_id, "debrief", on=tomorrow)
    assert "日期还没有到" in said(colleague, episode_id, "file", on=tomorrow)
    assert "已返回，已谈话" in said(colleague, episode_id, "debrief", on=days_ago(5).isoformat())
    text = said(colleague, episode_id, "undo", what="debrief")
    assert "已返回，还没有谈话" in text


def test_how_to_reach_somebody_away_is_read_for_a_reason_and_once(colleague, community, member):
    with community.acting() as scope:
        away = leave(scope, Departure(member, days_ago(10), contact="牧场电话 13900007788"))
    pages = f"{colleague.office.pages}/movements/{away}"
    assert "13900007788" not in colleague.client.get(pages).text
    refused = colleague.client.post(f"{pages}/contact", data={}, follow_redirects=True)
    assert "请先选择查看的原因" in words(refused) and "13900007788" not in refused.text
    answer = colleague.client.post(f"{pages}/contact", data={"reason": "call"})
    assert "牧场电话 13900007788" in words(answer)
    assert "13900007788" not in colleague.client.get(pages).text
    card = words(colleague.client.get(f"{colleague.office.pages}/members/{member}"))
    assert "外出期间的联系方式，原因：电话联系" in card


def test_nobody_elses_contact_is_read(officer, community, member):
    with community.acting() as scope:
        away = leave(scope, Departure(member, days_ago(10), contact="13900007788"))
    answer = officer.client.post(
        f"{officer.office.pages}/movements/{away}/contact", data={"reason": "call"}
    )
    assert answer.status_code == 404


def test_an_override_stands_in_its_form_so_that_it_can_be_taken_back(colleague, episode_id):
    said(colleague, episode_id, "class", name="short", reason="下周就回")
    page = colleague.client.get(f"{colleague.office.pages}/movements/{episode_id}").text
    assert '<option selected value="short">' in page and 'value="下周就回"' in page
    assert "由人改定" not in said(colleague, episode_id, "class", name="", reason="下周就回")


def test_two_absences_that_overlap_lead_to_each_other(colleague, community, member, episode_id):
    with community.acting() as scope:
        second = leave(scope, Departure(member, days_ago(20)))
    pages = f"{colleague.office.pages}/movements"
    for one, other in ((episode_id, second), (second, episode_id)):
        page = colleague.client.get(f"{pages}/{one}")
        assert "这次没有登记返回，之后又登记了外出" in words(page)
        assert f'href="{pages}/{other}"' in page.text


def test_a_reason_is_said_in_the_readers_language(colleague, community, member):
    with community.acting() as scope:
        away = leave(scope, Departure(member, days_ago(2), reason="季节性转场放牧"))
        own_words = leave(scope, Departure(member, days_ago(1), reason="名册原话"))
    colleague.client.post("/language", data={"language": "en", "next": "/"})
    assert "Seasonal herding" in shown(colleague, away)
    assert "名册原话" in shown(colleague, own_words)


def test_a_persons_own_page_leads_to_each_absence_and_to_the_next(colleague, member, episode_id):
    page = colleague.client.get(f"{colleague.office.pages}/members/{member}").text
    assert f'href="{colleague.office.pages}/movements/{episode_id}"' in page
    assert f'href="{colleague.office.pages}/movements/new?member_id={member}"' in page
