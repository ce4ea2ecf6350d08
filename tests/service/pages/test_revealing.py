"""Seeing a whole phone number or address: for a reason, once, written down."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.members import revealing
from tests.factories.members import a_member
from tests.service.pages.reading import HTMX, words

PHONE, ADDRESS = "19900007777", "虚构路7号7室"


@pytest.fixture
def member_id(community):
    return a_member(community, phone=PHONE, address=ADDRESS)


def ask(person, member_id, *, api=False, **sent):
    sent = {"field": "phone", "reason": "call", **sent}
    if api:
        return person.program.post(f"{person.office.api}/members/{member_id}/reveal", json=sent)
    where = f"{person.office.pages}/members/{member_id}/reveal"
    return person.client.post(where, data=sent, headers=HTMX)


def entries(community):
    with community.acting():
        rows = text(
            "SELECT person_id, subject_id, facts FROM audit_entry WHERE act = 'reveal_field'"
        )
        return [tuple(row) for row in db.session.execute(rows)]


@pytest.mark.parametrize("api", [False, True])
@pytest.mark.parametrize(("field", "value"), [("phone", PHONE), ("address", ADDRESS)])
def test_a_reason_shows_the_value_and_is_written_down(
    colleague, community, member_id, field, value, api
):
    answer = ask(colleague, member_id, field=field, api=api)
    assert answer.status_code == 200
    assert value in (answer.json["value"] if api else words(answer))
    assert "<html" not in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    facts = {"field": field, "reason": "call"}
    assert entries(community) == [(colleague.person_id, member_id, facts)]


@pytest.mark.parametrize("api", [False, True])
@pytest.mark.parametrize(
    "sent",
    [
        {"reason": ""},
        {"reason": "curiosity"},
        {"reason": "other"},
        {"reason": "other", "remark": "  "},
        {"reason": "other", "remark": "字" * 61},
        {"reason": "other", "remark": "打 1991111 2222 没人接"},
        {"field": ""},
        {"field": "name"},
    ],
)
def test_without_a_proper_reason_nothing_is_shown(colleague, community, member_id, sent, api):
    answer = ask(colleague, member_id, api=api, **sent)
    assert answer.status_code == 422
    assert PHONE not in answer.get_data(as_text=True)
    assert entries(community) == []


@pytest.mark.parametrize("api", [False, True])
def test_who_may_not_see_the_member_finds_nothing(
    community, leader, officer, outsider, member_id, api
):
    elsewhere = a_member(community, phone=PHONE, home=community.inside(4))
    assert ask(leader, member_id, api=api).status_code == 200
    assert ask(leader, elsewhere, api=api).status_code == 404
    assert ask(officer, member_id, api=api).status_code == 404
    assert ask(outsider, member_id, api=api).status_code == 404
    assert len(entries(community)) == 1


def test_what_was_never_entered_is_not_found(colleague, community):
    nothing = a_member(community, phone="", address="")
    assert ask(colleague, nothing).status_code == 404
    assert entries(community) == []


@pytest.mark.parametrize("api", [False, True])
def test_when_it_cannot_be_written_down_nothing_is_shown(
    colleague, community, member_id, monkeypatch, api
):
    monkeypatch.setattr(revealing, "ACT", "x" * 41)
    answer = ask(colleague, member_id, api=api)
    assert answer.status_code >= 400
    assert PHONE not in answer.get_data(as_text=True)
    assert entries(community) == []


def test_a_person_is_stopped_after_so_many_in_an_hour(
    colleague, community, leader, member_id, monkeypatch
):
    monkeypatch.setattr(revealing, "MOST_AN_HOUR", 3)
    assert [ask(colleague, member_id).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(colleague, member_id, api=True).status_code == 429
    assert ask(leader, member_id).status_code == 200
    assert len(entries(community)) == 4


def test_the_page_offers_it_tells_the_history_and_never_the_value(colleague, community, member_id):
    where = f"{community.pages}/members/{member_id}"
    assert "看电话" in words(colleague.client.get(where))
    ask(colleague, member_id)
    ask(colleague, member_id, field="address", reason="other", remark="寄送<b>材料</b>")
    page = colleague.client.get(where)
    assert "管理员丙，电话，原因：电话联系" in words(page)
    assert "管理员丙，住址，原因：寄送<b>材料</b>" in words(page)
    assert PHONE not in page.get_data(as_text=True)
    assert ADDRESS not in page.get_data(as_text=True)


def test_without_scripts_the_whole_page_comes_with_the_value(colleague, community, member_id):
    answer = colleague.client.post(
        f"{community.pages}/members/{member_id}/reveal", data={"field": "phone", "reason": "visit"}
    )
    assert "<html" in answer.get_data(as_text=True)
    assert PHONE in words(answer)


def test_a_branch_officer_is_not_offered_it(officer, community):
    member_id = a_member(community, branch_id=community.branches[0])
    assert "看电话" not in words(officer.client.get(f"{community.pages}/members/{member_id}"))
