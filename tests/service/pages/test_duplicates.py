"""The page of possible duplicates: a person decides, and can take it back."""

from __future__ import annotations

import re

from tests.factories.members import a_member
from tests.service.pages.reading import words


def test_told_apart_linked_and_undone(colleague, community):
    a_member(community, name="虚构甲", phone="19912345678")
    a_member(community, name="虚构甲甲", phone="19912345678")
    pages = f"{community.pages}/duplicates"
    page = colleague.client.get(pages)
    assert "电话相同" in words(page)
    assert "19912345678" not in page.text
    fields = dict(re.findall(r'name="(one|other)" value="([^"]+)"', page.text))
    done = colleague.client.post(f"{pages}/apart", data=fields, follow_redirects=True)
    assert "没有可能重复的记录" in words(done)
    colleague.client.post(re.search(r'action="([^"]+/undo)"', done.text)[1])
    page = colleague.client.get(pages)
    fields = dict(re.findall(r'name="(kept|merged)" value="([^"]+)"', page.text))
    done = colleague.client.post(f"{pages}/link", data=fields, follow_redirects=True)
    assert "已合并的" in words(done)
    back = colleague.client.post(
        re.search(r'action="([^"]+/undo)"', done.text)[1], follow_redirects=True
    )
    assert "电话相同" in words(back)


def test_what_is_no_pair_is_told_in_a_sentence(colleague, community):
    one = a_member(community)
    pages = f"{community.pages}/duplicates"
    for fields in ({}, {"one": str(one), "other": str(one)}, {"one": "x", "other": "y"}):
        answer = colleague.client.post(f"{pages}/apart", data=fields)
        assert answer.status_code == 422
        assert "请选两条不同的记录" in words(answer)


def test_asking_the_county_says_nothing_of_where(colleague, community):
    one = a_member(community, phone="19900001234")
    where = f"{community.pages}/members/{one}/elsewhere"
    answer = colleague.client.post(where, follow_redirects=True)
    assert "本县别的社区没有登记这个电话" in words(answer)
