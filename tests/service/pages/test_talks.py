"""The list of addresses to call at, as a person uses it."""

from __future__ import annotations

import pytest

from tests.factories.talks import an_address
from tests.service.pages.reading import words


@pytest.fixture
def pages(colleague):
    return f"{colleague.office.pages}/talks"


def sent(colleague, page, /, **form):
    return words(colleague.client.post(page, data=form, follow_redirects=True))


def test_an_address_is_posted_and_stands_in_no_address(colleague, pages):
    assert "没有要去的地址" in words(colleague.client.get(pages))
    asked = colleague.client.post(f"{pages}/find", data={"address": "虚构路 9 号"})
    assert asked.status_code == 200
    assert "照写的地址列入" in words(asked) and 'name="address" value="虚构路 9 号"' in asked.text
    assert (
        "虚构路 9 号"
        not in colleague.client.get(pages, query_string={"address": "虚构路 9 号"}).text
    )
    text = sent(colleague, pages, address="虚构路 9 号")
    assert "已列入首谈清单" in text and "虚构路 9 号" in text


def test_what_cannot_be_listed_is_said_on_the_list(colleague, community, pages):
    an_address(community, "虚构路 1 号")
    assert "已经在清单上" in sent(colleague, pages, address="虚构路1号")
    assert "请选楼栋，或写下地址" in sent(colleague, pages, address=" ")


def test_no_visit_has_its_last_day_and_can_be_taken_back(colleague, community, pages):
    talk_id = an_address(community, "虚构路 1 号")
    text = sent(colleague, f"{pages}/{talk_id}", outcome="no_visit")
    assert "之前不再上门" in text and "不再上门的地址 虚构路 1 号 到" in text
    assert "已放回首谈清单" in sent(colleague, f"{pages}/{talk_id}/again")
