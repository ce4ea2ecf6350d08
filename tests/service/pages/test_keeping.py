"""The register kept by hand: entered, corrected, taken out and brought back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.members.lookups import member_card
from tests.factories.members import a_member
from tests.service.pages.reading import words

FACTS = {"stage": "full", "sex": "女", "born": "1985-03", "joined": "2006", "residence": "inside"}


def enter(person, **sent):
    where = f"{person.office.pages}/members/new"
    return person.client.post(where, data={"affiliation": "affiliated", **sent})


def of(person, member_id, what, **sent):
    where = f"{person.office.pages}/members/{member_id}/{what}"
    return person.client.post(where, data=sent, follow_redirects=True)


def register(person):
    return words(person.client.get(f"{person.office.pages}/members"))


def acts(community):
    with community.acting():
        kept = text(
            "SELECT act, facts FROM audit_entry"
            " WHERE act LIKE '%\\_member' AND act <> 'read_member' ORDER BY id"
        )
        return [(act, facts) for act, facts in db.session.execute(kept)]


@pytest.mark.parametrize("affiliation", ["affiliated", "reported_in"])
def test_somebody_is_entered_with_dates_as_well_as_they_are_known(
    colleague, community, affiliation
):
    answer = enter(
        colleague, name="虚 构甲", affiliation=affiliation, phone="199 0000 1111", **FACTS
    )
    assert answer.status_code == 302
    member_id = answer.headers["Location"].rpartition("/")[2]
    with community.acting() as scope:
        card = member_card(scope, member_id)
        assert (card.name, card.affiliation, card.masked_phone) == (
            "虚构甲",
            affiliation,
            "*******1111",
        )
        assert (card.born_on, card.born_precision) == (date(1985, 3, 1), "month")
        assert (card.joined_on, card.joined_precision) == (date(2006, 1, 1), "year")
    assert acts(community) == [("enter_member", {"affiliation": affiliation})]


def test_an_address_leads_to_its_building(colleague):
    assert (
        enter(colleague, name="虚构甲", address="清和小区3号楼", **FACTS)
        .headers["Location"]
        .endswith("/home")
    )


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": " "}, "请填姓名"),
        ({"phone": "12"}, "这不像一个电话号码"),
        ({"born": "1985-13"}, "日期没有这一天"),
        ({"born": "去年"}, "看不懂写法"),
        ({"born": "1985", "joined": "1984"}, "早于出生日期"),
        ({"affiliation": "incoming"}, "还不能登记"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_entered(
    colleague, community, sent, said
):
    answer = enter(colleague, **{"name": "虚构甲", **FACTS, **sent})
    assert answer.status_code == 422
    assert said in words(answer)
    assert acts(community) == []


def test_a_phone_of_the_register_is_not_entered_twice(colleague, community):
    a_member(community, name="李二", phone="19900001111")
    answer = enter(colleague, name="虚构甲", phone="199-0000-1111", **FACTS)
    assert (answer.status_code, "已经有这个电话" in words(answer)) == (422, True)


def test_facts_are_corrected_and_what_is_sealed_stays_unless_said(colleague, community):
    member_id = a_member(community, phone="19900001111", address="虚构路1号")
    page = colleague.client.get(f"{community.pages}/members/{member_id}/correct")
    assert "*******1111" in words(page)
    assert "19900001111" not in page.text
    assert "虚构路1号" not in page.text
    said = of(colleague, member_id, "correct", version=1, name="虚构乙", no_address="1", **FACTS)
    assert "已更正" in words(said)
    with community.acting() as scope:
        card = member_card(scope, member_id)
        assert (card.name, card.masked_phone, card.has_address) == ("虚构乙", "*******1111", False)
    assert acts(community) == [
        (
            "edit_member",
            {"fields": ["address", "born", "joined", "name", "residence", "sex"]},
        )
    ]
    assert "没有要改的内容" in words(
        of(colleague, member_id, "correct", version=2, name="虚构乙", **FACTS)
    )


def test_a_correction_of_what_somebody_changed_meanwhile_is_shown_again(colleague, community):
    member_id = a_member(community)
    of(colleague, member_id, "correct", version=1, name="虚构乙", **FACTS)
    second = of(colleague, member_id, "correct", version=1, name="虚构丙", **FACTS)
    assert second.status_code == 409
    assert "有人刚刚改过" in words(second)
    assert 'value="虚构丙"' in second.text


def test_taken_out_frees_the_seat_and_brought_back_takes_it_again(colleague, community):
    branch = community.branches[0]
    member_id = a_member(community, name="虚构甲", branch_id=branch)
    with community.acting():
        db.session.execute(
            text("UPDATE branch SET taken = 1, capacity = 1 WHERE id = :b"), {"b": branch}
        )

    def seats():
        with community.acting():
            return db.session.execute(
                text("SELECT taken FROM branch WHERE id = :b"), {"b": branch}
            ).scalar_one()

    said = of(colleague, member_id, "out", version=1, reason="moved", on=date.today().isoformat())
    assert "已移出名册" in words(said)
    assert ("虚构甲" in words(said), "组织关系转出" in words(said)) == (True, True)
    assert "虚构甲" not in register(colleague)
    assert seats() == 0
    assert "已放回名册" in words(of(colleague, member_id, "back"))
    assert "虚构甲" in register(colleague)
    assert seats() == 1
    assert [act for act, _facts in acts(community)] == ["take_out_member", "bring_back_member"]


def test_whose_seat_is_gone_comes_back_without_a_branch(colleague, community):
    branch = community.branches[0]
    member_id = a_member(community, branch_id=branch)
    of(colleague, member_id, "out", version=1, reason="mistake", on=date.today().isoformat())
    with community.acting():
        db.session.execute(
            text("UPDATE branch SET taken = 1, capacity = 1 WHERE id = :b"), {"b": branch}
        )
    assert "请重新编入支部" in words(of(colleague, member_id, "back"))
    with community.acting() as scope:
        assert member_card(scope, member_id).branch_id is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": ""}, "请选一个原因"),
        ({"on": (date.today() + timedelta(days=1)).isoformat()}, "日期还没有到"),
        ({"on": ""}, "填完整的日期"),
        ({"version": 7}, "有人刚刚改过"),
    ],
)
def test_nobody_is_taken_out_without_a_reason_and_a_day(colleague, community, sent, said):
    member_id = a_member(community, name="虚构甲")
    asked = {"version": 1, "reason": "moved", "on": date.today().isoformat(), **sent}
    assert said in words(of(colleague, member_id, "out", **asked))
    assert "虚构甲" in register(colleague)


def test_only_who_was_taken_out_by_hand_can_be_brought_back(colleague, community):
    member_id = a_member(community)
    assert of(colleague, member_id, "back").status_code == 404


def test_only_an_administrator_keeps_the_register(leader, officer, outsider, community):
    member_id = a_member(community)
    for person in (leader, officer):
        assert enter(person, name="虚构甲", **FACTS).status_code == 404
        assert of(person, member_id, "out", version=1, reason="moved").status_code == 404
    assert of(outsider, member_id, "correct", version=1, name="他人").status_code == 404
