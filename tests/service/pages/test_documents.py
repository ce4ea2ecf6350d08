"""Document numbers on pages: entered by an administrator, shown for a reason, never in passing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.database import db
from tests.factories.members import a_member
from tests.service.pages.reading import HTMX, words

NUMBER = "11010519491231002X"  # the example of GB 11643-1999


@pytest.fixture
def member_id(community):
    return a_member(community, document=NUMBER, branch_id=community.branches[0])


def keep(person, member_id, version=1, **sent):
    where = f"{person.office.pages}/members/{member_id}/document"
    return person.client.post(where, data={"version": version, **sent}, follow_redirects=True)


def reveal(person, member_id, reason="check"):
    where = f"{person.office.pages}/members/{member_id}/reveal"
    sent = {"field": "document", "reason": reason}
    return person.client.post(where, data=sent, headers=HTMX)


def test_an_administrator_enters_corrects_and_takes_away(colleague, community):
    member_id = a_member(community)
    page = keep(colleague, member_id, number="110105 19491231 002x")
    assert "证件号码已登记" in words(page)
    assert "*" * 16 + "2X" in words(page)
    assert NUMBER not in page.text
    assert "请填证件号码" in words(keep(colleague, member_id, 2))
    assert "已经改过" in words(keep(colleague, member_id, 1, number=NUMBER))
    assert "证件号码已去掉" in words(keep(colleague, member_id, 2, drop="1"))
    with community.acting():
        acts = text("SELECT act, facts FROM audit_entry WHERE act LIKE '%_document' ORDER BY id")
        assert [tuple(row) for row in db.session.execute(acts)] == [
            ("keep_document", {}),
            ("drop_document", {}),
        ]


def test_a_wrong_one_is_told_of_and_neither_kept_nor_repeated(colleague, community):
    member_id = a_member(community)
    page = keep(colleague, member_id, number="110105194912310021")
    assert "校验位对不上" in words(page)
    assert "110105194912310021" not in page.text
    with community.acting():
        kept = text("SELECT count(*) FROM member WHERE document_sealed IS NOT NULL")
        assert db.session.execute(kept).scalar_one() == 0


def test_the_same_number_twice_is_said_at_once(colleague, community, member_id):
    assert "可能重复" in words(keep(colleague, a_member(community), number=NUMBER))
    assert "证件号码相同" in words(colleague.client.get(f"{community.pages}/duplicates"))


def test_only_an_administrator_enters_one(leader, officer, outsider, community, member_id):
    for person in (leader, officer):
        assert "登记证件号码" not in words(
            person.client.get(f"{community.pages}/members/{member_id}")
        )
        assert keep(person, member_id, number=NUMBER).status_code in (403, 404)
    assert keep(outsider, member_id, number=NUMBER).status_code == 404


def test_a_reason_shows_it_and_calling_or_visiting_is_none(colleague, community, member_id):
    assert NUMBER in words(reveal(colleague, member_id))
    for reason in ("call", "visit"):
        refused = reveal(colleague, member_id, reason)
        assert refused.status_code == 422
        assert NUMBER not in refused.text


def test_who_calls_at_doors_sees_no_sign_of_it(leader, community, member_id):
    page = leader.client.get(f"{community.pages}/members/{member_id}")
    assert "证件号码" not in words(page).partition("谁看过")[0]
    refused = reveal(leader, member_id)
    assert refused.status_code == 403
    assert NUMBER not in refused.text


def test_it_is_found_by_the_box_and_never_by_an_address(colleague, community, member_id):
    a_member(community)
    found = colleague.client.post(f"{community.pages}/members/search", data={"words": NUMBER})
    assert found.status_code == 200
    assert str(member_id) in found.text
    warned = colleague.client.get(f"{community.pages}/members", query_string={"words": NUMBER})
    assert "号码不要写在网址里" in words(warned)
    assert str(member_id) not in warned.text


@pytest.mark.parametrize("kind", ["page", "file"])
def test_no_ledger_carries_it(colleague, community, member_id, kind):
    where = {"page": "ledgers", "file": "ledgers/file"}[kind]
    answer = colleague.client.get(f"{community.pages}/{where}?of=register")
    assert answer.status_code == 200
    assert NUMBER.encode() not in answer.data


def test_a_program_sends_it_in_a_body_and_sees_it_for_a_reason(colleague, community, member_id):
    where = f"{community.api}/members"
    refused = colleague.program.get(where, query_string={"words": NUMBER})
    assert refused.status_code == 422
    assert NUMBER not in refused.text
    asked = {"field": "document", "reason": "check"}
    answer = colleague.program.post(f"{where}/{member_id}/reveal", json=asked)
    assert answer.json["value"] == NUMBER
    assert NUMBER not in colleague.program.get(f"{where}/{member_id}").text
