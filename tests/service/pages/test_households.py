"""The page of centre households: naming hosts, asking, and recording both consents."""

from __future__ import annotations

from tenants.matching.households.lookups import households
from tests.factories.households import a_household, settled
from tests.factories.jobs import work_off
from tests.factories.members import a_member


def page_of(community, cast) -> str:
    answer = cast.client.get(f"{community.pages}/households")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def press(community, cast, rest: str, **sent) -> str:
    answer = cast.client.post(
        f"{community.pages}/households{rest}", data=sent, follow_redirects=True
    )
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def pair_of(cast):
    with cast.acting() as scope:
        return households(scope)[0].pairs[0]


def test_a_host_is_found_by_name_and_written_down(community, colleague):
    host = a_member(community, name="虚构中心户")
    assert "还没有党员中心户" in page_of(community, colleague)
    found = colleague.client.get(f"{community.pages}/households?words=中心户")
    assert str(host) in found.get_data(as_text=True)
    assert "已记下" in press(community, colleague, "", member=host, fewest="1", most="3")
    page = page_of(community, colleague)
    assert "第1网格" in page
    assert "虚构路" not in page
    assert "已经是党员中心户" in press(community, colleague, "", member=host)
    assert "请先选一位" in press(community, colleague, "")


def test_from_the_proposal_to_both_consents(community, colleague):
    a_household(community)
    a_member(community)
    assert "hx-get" in press(community, colleague, "/settle")
    work_off(community)
    assert "等中心户同意" in page_of(community, colleague)
    pair = pair_of(colleague)
    assert "等本人同意" in press(community, colleague, f"/pairs/{pair.id}/agree")
    assert "双方同意" in press(community, colleague, f"/pairs/{pair.id}/agree")
    assert "被别人处理过" in press(community, colleague, f"/pairs/{pair.id}/another")
    assert "还没有建议" in press(community, colleague, f"/pairs/{pair.id}/end")


def test_another_asks_for_no_reason(community, colleague):
    a_household(community)
    a_member(community)
    settled(community)
    page = page_of(community, colleague)
    assert "理由" not in page.split("换一个")[1][:400]
    assert "hx-get" in press(community, colleague, f"/pairs/{pair_of(colleague).id}/another")


def test_why_somebody_was_left_out_is_said_in_words(community, colleague):
    a_household(community, fewest=2, most=2)
    for _ in range(3):
        a_member(community)
    settled(community)
    assert "notice warn" in page_of(community, colleague)


def test_leaders_and_officers_see_no_households(community, leader, officer):
    for who in (leader, officer):
        assert who.client.get(f"{community.pages}/households").status_code == 404
        assert who.client.post(f"{community.pages}/households/settle").status_code == 404
