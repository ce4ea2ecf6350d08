"""The worklist of whoever is looked for, as a person uses it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.members import a_member
from tests.service.pages.reading import words

NOTHING = {"phone": "", "address": "", "home": None}


@pytest.fixture
def pages(colleague):
    return f"{colleague.office.pages}/traces"


def sent(colleague, address, **form):
    return words(colleague.client.post(address, data=form, follow_redirects=True))


def test_a_handed_over_roster_is_put_on_the_list_and_taken_back(colleague, community, pages):
    for _ in range(3):
        a_member(community, **NOTHING)
    text = words(colleague.client.get(pages))
    assert "3 人没有电话、住址、位置和单位" in text and "没有要查找的人" in text
    text = sent(colleague, pages)
    assert "已列入查找 3 人" in text and "正在查找 3 人" in text and "列错了" in text
    text = sent(colleague, f"{pages}/take-back")
    assert "已撤销 3 人的查找" in text and "没有要查找的人" in text


def test_one_is_looked_for_found_and_what_cannot_be_is_said_on_the_page(
    colleague, community, pages
):
    member_id = a_member(community, name="虚构失联者")
    begun = sent(colleague, f"{colleague.office.pages}/members/{member_id}/trace")
    assert "虚构失联者" in begun and "列错了，移出清单" in begun
    step = {"way": "phone", "outcome": "nothing"}
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    assert "日期还没有到" in sent(colleague, f"{pages}/{member_id}", on=tomorrow, **step)
    today = date.today().isoformat()
    text = sent(colleague, f"{pages}/{member_id}", on=today, **step)
    assert "找过 1 次" in text and "列错了，移出清单" not in text
    assert "已经找过了，不能撤销" in sent(colleague, f"{pages}/{member_id}/take-back")
    found = sent(colleague, f"{pages}/{member_id}", on=today, way="visit", outcome="found")
    assert "请到本人的资料里补上联系方式" in found and "没有要查找的人" in found


def test_a_mistake_is_taken_back_at_once(colleague, community, pages):
    member_id = a_member(community)
    sent(colleague, f"{colleague.office.pages}/members/{member_id}/trace")
    text = sent(colleague, f"{pages}/{member_id}/take-back")
    assert "没有留下别的" in text and "没有要查找的人" in text
