"""Certificates on pages and for programs: from the member's card to the list, checks included."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenants.certificates.lookups import certificate, certificates_of
from tenants.mobility.actions import Departure, choose_pack, leave
from tenants.visits.worklist import worklist
from tests.factories.certificates import a_certificate, an_entry
from tests.factories.members import a_member
from tests.service.pages.reading import words

TODAY = date.today()
LONG_AGO = TODAY - timedelta(days=200)


@pytest.fixture
def away(community):
    """Somebody away for long without a fixed place, under a pack with certificates and checks."""
    member = a_member(community, name="虚构远行者", branch_id=community.branches[0])
    with community.acting() as scope:
        choose_pack(scope, "fuyun", LONG_AGO)
        leave(scope, Departure(member, LONG_AGO, other_place="外地区", fixed=False))
    return member


def test_from_the_card_to_closed(community, colleague, away):
    pages, client = community.pages, colleague.client
    assert "登记申领活动证" in words(client.get(f"{pages}/members/{away}"))
    assert "还没有登记过活动证" in words(client.get(f"{pages}/certificates"))
    new = f"{pages}/certificates/of/{away}"
    assert client.post(new, data={"on": ""}).status_code == 422
    made = client.post(new, data={"on": LONG_AGO.isoformat()}).headers["Location"]
    again = client.post(new, data={"on": TODAY.isoformat()})
    assert again.status_code == 422 and "还有一本活动证没有办结" in words(again)

    def step(state, **more):
        form = {"state": state, "on": TODAY.isoformat(), **more}
        return words(client.post(f"{made}/step", data=form, follow_redirects=True))

    assert "请填活动证的编号" in step("issued")
    unseen = {"state": "issued", "on": TODAY.isoformat(), "number": "虚\u202e证"}
    refused = client.post(f"{made}/step", data=unseen)
    assert refused.status_code == 422 and "看不见的字符" in words(refused)
    assert 'value="虚\u202e证"' in refused.text
    assert "虚证 88" in step("issued", number="虚证 88", pledged="y", on=LONG_AGO.isoformat())
    assert "刚刚被别人办过" in step("held", seen=1)
    assert "虚构外地社区" in step("held", holder="虚构外地社区")
    entry = {"what": "activity", "on": TODAY.isoformat(), "signed_by": "虚构签字人"}
    said = words(client.post(f"{made}/entries", data=entry, follow_redirects=True))
    assert "虚构签字人签" in said
    for state in ("returned", "checked", "closed"):
        step(state)
    assert "已注销" in words(client.get(made))
    assert "退回一步" in words(client.post(f"{made}/undo", follow_redirects=True))
    assert "虚证 88" in words(client.get(f"{pages}/members/{away}"))
    assert "虚构远行者" in words(client.get(f"{pages}/certificates"))
    assert "没有符合条件" in words(client.get(f"{pages}/certificates?state=lost"))


def dues(community, leader, member):
    with leader.acting() as scope:
        found = [line for line in worklist(scope, TODAY).lines if line.member_id == member]
        return [due for line in found for due in line.dues if due.kind == "certificate_check"]


def test_a_check_is_due_from_the_issue_and_done_by_recording_it(community, leader, away):
    assert dues(community, leader, away) == []
    found = a_certificate(community, away, "issued", on=LONG_AGO)
    [due] = dues(community, leader, away)
    assert due.state == "overdue" and "发的" in due.why
    page = f"{community.pages}/certificates/{found}"
    assert "已过期" in words(leader.client.get(page))
    assert "已过期" in words(leader.client.get(f"{community.pages}/certificates"))
    said = leader.client.post(
        f"{page}/check", data={"on": TODAY.isoformat(), "way": "letter"}, follow_redirects=True
    )
    assert "已记下这次查验" in words(said)
    assert dues(community, leader, away) == []
    assert "已过期" not in words(leader.client.get(page))


def test_nobody_is_asked_for_a_certificate_that_is_back(community, leader, away):
    a_certificate(community, away, "issued", "returned", on=LONG_AGO)
    assert dues(community, leader, away) == []


def test_a_leader_sees_and_checks_but_does_not_issue(community, leader, officer, away):
    page = f"{community.pages}/certificates"
    found = a_certificate(community, away, "issued", on=LONG_AGO)
    an_entry(community, found)
    assert "虚构远行者" in words(leader.client.get(page))
    assert "退回一步" not in words(leader.client.get(f"{page}/{found}"))
    form = {"state": "held", "on": TODAY.isoformat()}
    assert leader.client.post(f"{page}/{found}/step", data=form).status_code == 404
    assert officer.client.post(f"{page}/{found}/step", data=form).status_code == 302


def test_who_should_have_one_is_a_line_of_the_list(community, colleague, away):
    page = f"{community.pages}/certificates"
    assert "应当办证、还没有办的外出党员" not in words(colleague.client.get(page))
    with community.acting() as scope:
        choose_pack(scope, "township", TODAY)
    assert "还没有办的外出党员：1 位" in words(colleague.client.get(page))
    assert "虚构远行者" in words(colleague.client.get(f"{page}?state=none"))
    assert "应当办证" not in words(colleague.client.get(f"{community.pages}/members/{away}"))


def test_programs_take_it_from_step_to_step(community, colleague, leader, away):
    api = community.api
    made = colleague.program.post(
        f"{api}/members/{away}/certificates", json={"on": LONG_AGO.isoformat()}
    )
    assert made.status_code == 201
    one = f"{api}/certificates/{made.json['id']}"
    issue = {"state": "issued", "on": LONG_AGO.isoformat(), "number": "虚证 99", "seen": 1}
    assert leader.program.post(f"{one}/steps", json=issue).status_code == 404
    assert colleague.program.post(f"{one}/steps", json=issue).json["version"] == 2
    assert colleague.program.post(f"{one}/steps", json=issue).status_code == 409
    entry = {"what": "dues", "on": TODAY.isoformat(), "signed_by": "虚构签字人"}
    told = colleague.program.post(f"{one}/entries", json=entry).json["entries"]
    struck = f"{one}/entries/{told[0]['id']}/strike"
    assert colleague.program.post(struck).json["entries"][0]["struck"]
    assert colleague.program.post(f"{one}/undo").json["state"] == "requested"
    listed = leader.program.get(f"{api}/certificates").json["items"]
    assert [each["member"] for each in listed] == [str(away)]
    with community.acting() as scope:
        [line] = certificates_of(scope, away)
        assert certificate(scope, line.id).state == "requested"
