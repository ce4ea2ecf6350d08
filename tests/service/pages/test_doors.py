"""Doors on pages: opened with a reason, seen at once, and each reading told to the person."""

from __future__ import annotations

import pytest

from tenants.people.history import history
from tests.factories.doors import REASON, a_door
from tests.factories.members import a_member


def html(answer) -> str:
    return answer.get_data(as_text=True)


def test_an_office_opens_a_door_on_its_page(community, county_admin, colleague):
    county = community.county
    page = county_admin.client.get(f"{county.pages}/doors")
    assert community.scope.name in html(page)
    form = {"community": community.slug, "reason": REASON}
    answer = county_admin.client.post(f"{county.pages}/doors", data=form)
    assert answer.headers["Location"] == f"{community.pages}/map"
    assert "上级来访" in html(county_admin.client.get(f"{community.pages}/more"))
    assert REASON in html(colleague.client.get(f"{community.pages}/doors"))
    again = county_admin.client.post(f"{county.pages}/doors", data=form)
    assert again.status_code == 409


@pytest.mark.parametrize("reason", ["", "看看"])
def test_without_a_reason_there_is_no_door(community, county_admin, reason):
    form = {"community": community.slug, "reason": reason}
    answer = county_admin.client.post(f"{community.county.pages}/doors", data=form)
    assert answer.status_code == 422
    assert county_admin.client.get(f"{community.pages}/map").status_code == 404


def test_everybody_in_the_community_sees_it_on_every_page(community, colleague, leader, officer):
    pages = ("more", "places", "map")
    assert "正在查看本社区的资料" not in html(leader.client.get(f"{community.pages}/more"))
    door_id, _visitor = a_door(community)
    for reader in (colleague, leader, officer):
        for page in pages:
            said = html(reader.client.get(f"{community.pages}/{page}"))
            assert "县干部己正在查看本社区的资料" in said
            assert REASON in said
    answer = colleague.client.post(f"{community.pages}/doors/{door_id}/end")
    assert answer.status_code == 302
    assert "正在查看" not in html(leader.client.get(f"{community.pages}/more"))


def test_each_person_who_was_read_is_told_by_whom(community, colleague):
    member_id = a_member(community, name="虚构党员壬")
    _door_id, visitor = a_door(community)
    assert visitor.client.get(f"{community.pages}/members/{member_id}").status_code == 200
    with community.acting() as scope:
        (reading,) = history(scope, "member", member_id)
    assert reading.role == "visitor_from_above"
    assert reading.who == "虚构县县干部己"
    sheet = html(colleague.client.get(f"{community.pages}/members/{member_id}/sheet"))
    assert "虚构县县干部己" in sheet
    assert "查看了资料" in sheet


def test_a_visitor_is_shown_a_phone_only_for_a_reason_of_its_own(community):
    member_id = a_member(community, phone="19900001234")
    _door_id, visitor = a_door(community)
    address = f"{community.pages}/members/{member_id}/reveal"
    assert visitor.client.post(address, data={"field": "phone"}).status_code == 422
    answer = visitor.client.post(address, data={"field": "phone", "reason": "check"})
    assert "19900001234" in html(answer)
    ledger = visitor.client.get(f"{community.pages}/ledgers/file")
    assert ledger.status_code == 404


def test_a_visitor_leaves_when_they_are_done(community):
    _door_id, visitor = a_door(community)
    assert visitor.client.post(f"{community.pages}/doors/leave").status_code == 302
    assert visitor.client.get(f"{community.pages}/map").status_code == 404


def test_programs_open_and_end_doors_too(community, county_admin):
    api = f"{community.county.api}/doors"
    assert county_admin.program.post(api, json={}).status_code == 422
    sent = {"community": community.slug, "reason": REASON}
    answer = county_admin.program.post(api, json=sent)
    assert answer.status_code == 201
    (line,) = county_admin.program.get(api).json["items"]
    assert (line["id"], line["is_open"]) == (answer.json["id"], True)
    assert county_admin.program.post(f"{api}/{line['id']}/end").status_code == 204
    assert county_admin.program.post(f"{api}/{line['id']}/end").status_code == 409
