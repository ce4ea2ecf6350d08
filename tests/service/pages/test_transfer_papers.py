"""A transfer letter on paper: what stands on it, what does not, and that it says when it is void."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenants.audit.lookups import Wanted, entries
from tests.factories.members import a_member
from tests.factories.transfers import a_letter
from tests.service.pages.reading import words

TODAY = date.today()


def paper(who, letter_id):
    return who.client.get(f"{who.office.pages}/transfers/{letter_id}/paper")


def sheet(answer):
    """The three parts, without what stays on the screen."""
    return answer.get_data(as_text=True).partition('<div class="transfer-letter">')[2]


def said(who, letter_id, path, **form):
    where = f"{who.office.pages}/transfers/{letter_id}{path}"
    assert who.client.post(where, data={"on": TODAY.isoformat(), **form}).status_code == 302


def test_stub_letter_and_receipt_stand_on_one_sheet(colleague, community):
    member_id = a_member(
        community, name="虚构持信者", sex="女", born_on=date(TODAY.year - 41, 1, 1),
        born_precision="day", phone="19912345678",
    )  # fmt: skip
    letter_id = a_letter(community, member_id, number="虚字2026第0009号")
    link = f"/transfers/{letter_id}/paper"
    assert link in colleague.client.get(f"{community.pages}/transfers/{letter_id}").text
    answer = paper(colleague, letter_id)
    said = words(answer)
    for title in ("介绍信存根", "介绍信回执", "（骑缝章）", "41 岁", "性别 女", "虚构街道党工委"):
        assert title in said
    assert sheet(answer).count("虚字2026第0009号") == 5
    assert "5678" not in answer.text
    assert 'class="across"' not in answer.text


def test_what_the_register_does_not_hold_is_a_line(colleague, community):
    member_id = a_member(community, sex="", born_on=date(1980, 1, 1), born_precision="year")
    answer = paper(colleague, a_letter(community, member_id))
    assert "性别 ，" in words(answer) and " 岁，" in words(answer)
    full = a_member(community, sex="男", born_on=date(1980, 2, 3), born_precision="day")
    more = sheet(paper(colleague, a_letter(community, full)))
    assert sheet(answer).count("by-hand") == more.count("by-hand") + 2


@pytest.mark.parametrize(
    ("act", "mark"),
    [("present", "已出示"), ("lose", "已遗失"), ("close", "已办结"), ("withdraw", "已撤回")],
)
def test_one_that_is_not_to_be_shown_says_so_on_every_part(colleague, community, act, mark):
    letter_id = a_letter(community)
    said(colleague, letter_id, "/step", act=act)
    assert sheet(paper(colleague, letter_id)).count(f'<p class="across">{mark}</p>') == 3


def test_a_voided_one_says_so_and_the_new_one_names_it(colleague, community):
    lapsed = a_letter(
        community, number="旧1", issued_on=TODAY - timedelta(60), valid_to=TODAY - timedelta(2)
    )
    assert sheet(paper(colleague, lapsed)).count('<p class="across">已过期</p>') == 3
    where = f"{community.pages}/transfers/{lapsed}/replace"
    form = {"number": "新1", "issued_on": TODAY.isoformat()}
    new = colleague.client.post(where, data=form).location.rpartition("/")[2]
    assert sheet(paper(colleague, lapsed)).count('<p class="across">作废</p>') == 3
    answer = paper(colleague, new)
    assert "补开，代替 旧1 。" in words(answer) and "across" not in sheet(answer)


def test_each_time_is_written_down_and_told(colleague, community):
    member_id = a_member(community)
    letter_id = a_letter(community, member_id)
    assert "以前打开过" not in words(paper(colleague, letter_id))
    assert "以前打开过 1 次" in words(paper(colleague, letter_id))
    with community.acting() as scope:
        noted = entries(scope, Wanted(act="print_letter", subject_ids=(member_id,)))
    assert [each.facts["again"] for each in noted] == [True, False]
    assert {each.facts["letter"] for each in noted} == {str(letter_id)}


def test_only_who_issues_letters_prints_them(leader, community):
    letter_id = a_letter(community, a_member(community, home=community.inside(1)))
    assert paper(leader, letter_id).status_code == 404
    page = leader.client.get(f"{community.pages}/transfers/{letter_id}").text
    assert f"/transfers/{letter_id}/paper" not in page
