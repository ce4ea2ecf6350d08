"""The register of letters as a person uses it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.factories.members import a_member
from tests.factories.people import an_officer
from tests.factories.transfers import a_letter
from tests.service.pages.reading import words

TODAY = date.today()


def said(who, path, **form):
    return who.client.post(f"{who.office.pages}/transfers{path}", data=form, follow_redirects=True)


def listed(who, **query):
    return words(who.client.get(f"{who.office.pages}/transfers", query_string=query))


def test_an_empty_register_says_what_to_do(colleague):
    text = listed(colleague)
    assert "还没有登记过介绍信" in text and "登记开出一封" in text
    assert "一般不超过三个月" in text


def test_a_letter_is_issued_shown_and_closed(colleague, community):
    member_id = a_member(community, name="虚构转出者")
    pages = f"{community.pages}/transfers"
    assert "虚构转出者" in words(colleague.client.get(f"{pages}/new?words=转出"))
    form = words(colleague.client.get(f"{pages}/new?member_id={member_id}"))
    assert "给虚构转出者开介绍信" in form and "不填就按规则包算" in form
    stub = {
        "member_id": member_id,
        "number": "虚字1号",
        "destination": "虚构区",
        "receiver": "虚构街道党工委",
        "issued_on": TODAY.isoformat(),
    }
    answer = said(colleague, "/new", **stub)
    assert "已登记开出。" in words(answer) and "已开出，还没有出示" in words(answer)
    letter_id = re.search(r"/transfers/([0-9a-f-]{36})/step", answer.text)[1]
    twice = colleague.client.post(f"{pages}/new", data=stub)
    assert (twice.status_code, "虚字1号 已经用过" in words(twice)) == (422, True)
    on = TODAY.isoformat()
    assert "等回执" in words(said(colleague, f"/{letter_id}/step", act="present", on=on))
    assert "办结" in words(said(colleague, f"/{letter_id}/step", act="close", on=on))
    assert said(colleague, f"/{letter_id}/step", act="lose", on=on).status_code == 409
    assert "等回执" in words(said(colleague, f"/{letter_id}/undo"))
    assert "虚字1号" in words(colleague.client.get(f"{community.pages}/members/{member_id}"))


def test_near_and_lapsed_ones_are_pointed_out(colleague, community):
    a_letter(community, number="近", issued_on=TODAY - timedelta(30), valid_to=TODAY + timedelta(3))
    a_letter(community, number="过", issued_on=TODAY - timedelta(60), valid_to=TODAY - timedelta(2))
    assert "还有 3 天到期" in listed(colleague, show="near")
    assert "已过期 2 天" in listed(colleague, show="lapsed")
    assert "1 封快到期，1 封已过期没有出示" in words(
        colleague.client.get(f"{community.pages}/movements")
    )
    sheet = load_workbook(
        BytesIO(colleague.client.get(f"{community.pages}/transfers/file").data)
    ).active
    numbers = {row[0] for row in sheet.iter_rows(values_only=True)}
    assert {"近", "过"} <= numbers


def test_a_lapsed_letter_is_replaced_by_a_person(colleague, community):
    letter_id = a_letter(
        community, number="旧", issued_on=TODAY - timedelta(60), valid_to=TODAY - timedelta(2)
    )
    assert "接下来怎么办由人决定" in words(
        colleague.client.get(f"{community.pages}/transfers/{letter_id}")
    )
    answer = said(colleague, f"/{letter_id}/replace", number="新", issued_on=TODAY.isoformat())
    assert "补开，代替 旧" in words(answer)
    assert "已作废，另行补开" in listed(colleague, show="all")


def test_a_day_that_is_none_is_told_on_the_page(colleague, community):
    letter_id = a_letter(community)
    answer = said(colleague, f"/{letter_id}/step", act="present", on="昨天")
    assert (answer.status_code, "请填完整的日期" in words(answer)) == (422, True)


@pytest.mark.parametrize("act", ["step", "undo", "replace"])
def test_who_only_sees_changes_nothing(leader, community, act):
    letter_id = a_letter(community, a_member(community, home=community.inside(1)))
    pages = f"{community.pages}/transfers/{letter_id}"
    assert "登记下一步" not in words(leader.client.get(pages))
    assert leader.client.post(f"{pages}/{act}").status_code == 404


def test_programs_read_and_write_it(community):
    officer = an_officer(community, 1)
    member_id = a_member(community, branch_id=community.branches[0])
    api = f"{community.api}/transfers"
    body = {"member": str(member_id), "number": "P1", "destination": "某区", "receiver": "某党委"}
    made = officer.program.post(api, json=body)
    assert made.status_code == 201 and made.json["state"] == "issued"
    assert officer.program.post(api, json=body).status_code == 409
    one = f"{api}/{made.json['id']}"
    assert officer.program.post(f"{one}/step", json={"act": "lose"}).json["items"][0]["lost_on"]
    again = officer.program.post(f"{one}/step", json={"act": "replace", "number": "P2"})
    assert again.json["items"][0]["replaces"] == made.json["id"]
    assert officer.program.get(one).json["state"] == "voided"
    page = officer.program.get(f"{api}?show=all&limit=1").json
    assert [each["number"] for each in page["items"]] == ["P2"]
    rest = officer.program.get(f"{api}?show=all&limit=1&after={page['next']}").json
    assert ([each["number"] for each in rest["items"]], rest["next"]) == (["P1"], None)
