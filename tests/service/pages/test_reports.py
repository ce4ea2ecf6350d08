"""The open letter: a member writes, a person verifies, and what is declined leaves nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from tenants.arrivals.reports.lookups import verifications, waiting
from tenants.database import db
from tests.factories.members import a_member
from tests.factories.talks import a_self_report
from tests.service.pages.reading import words

FIELDS = {"name": "虚构自报", "phone": "199 1111 2222", "agreed": "y"}


@pytest.fixture
def where(colleague, community):
    """The address on the letter."""
    page = colleague.client.post(f"{community.pages}/letter", follow_redirects=True)
    return re.search(r"/hello/[\w-]+/[\w-]+", page.text)[0]


def test_somebody_writes_and_is_verified(anonymous, colleague, community, where):
    assert "欢迎您" in words(anonymous.get(where))
    assert "已送出" in words(anonymous.post(where, data=FIELDS))
    page = colleague.client.get(f"{community.pages}/reports")
    assert "虚构自报" in words(page)
    action = re.search(r'action="([^"]+/verify)"', page.text)[1]
    answer = colleague.client.post(
        action, data={"how": "phone", "document": "proof_letter"}, follow_redirects=True
    )
    assert "虚构自报" in words(answer)
    with community.acting() as scope:
        assert waiting(scope) == 0
        member_id = db.session.execute(
            text("SELECT id FROM member WHERE name = '虚构自报'")
        ).scalar_one()
        [how] = verifications(scope, member_id)
    shown = words(answer)
    assert "怎么核实的 电话核实，党员证明信" in shown and how.who in shown
    with community.acting() as scope:
        assert (how.how, how.document) == ("phone", "proof_letter")
    assert (
        colleague.client.post(action, data={"how": "phone", "document": "none"}).status_code == 404
    )


def test_what_is_declined_leaves_nothing(colleague, community):
    report_id = a_self_report(community)
    colleague.client.post(f"{community.pages}/reports/{report_id}/decline")
    with community.acting():
        for table in ("self_report", "member", "arrival"):
            assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_what_somebody_wrote_is_sealed(community):
    report_id = a_self_report(community)
    with community.acting():
        kept = db.session.execute(
            text("SELECT facts_sealed FROM self_report WHERE id = :id"), {"id": report_id}
        ).scalar_one()
    assert "虚构".encode() not in bytes(kept)


@pytest.mark.parametrize("missing", ["name", "phone", "agreed"])
def test_without_a_name_a_phone_or_consent_nothing_is_kept(anonymous, community, where, missing):
    answer = anonymous.post(where, data={**FIELDS, missing: ""})
    assert answer.status_code == 422
    with community.acting() as scope:
        assert waiting(scope) == 0


def test_an_old_letter_opens_nothing(anonymous, colleague, community, where):
    colleague.client.post(f"{community.pages}/letter")
    assert anonymous.get(where).status_code == 410
    assert anonymous.post(where, data=FIELDS).status_code == 410
    assert anonymous.get(f"/hello/{community.slug}/nonsense").status_code == 410
    # What is no community answers as one without a letter does: nobody can try out which there are.
    assert anonymous.get("/hello/nowhere/nonsense").status_code == 410
    assert anonymous.get(f"/hello/{community.county.slug}/nonsense").status_code == 410


def test_only_the_administrator_reads_what_was_promised_to_them(leader, community):
    """The form says that only they read it; a leader walks with a printed letter, no more."""
    report_id = a_self_report(community)
    assert f"/hello/{community.slug}/" in leader.client.get(f"{community.pages}/letter").text
    assert leader.client.get(f"{community.pages}/reports").status_code == 404
    said = {"how": "phone", "document": "none"}
    for act in ("verify", "decline"):
        tried = leader.client.post(f"{community.pages}/reports/{report_id}/{act}", data=said)
        assert tried.status_code == 404
    assert leader.client.post(f"{community.pages}/letter").status_code == 404
    with community.acting() as scope:
        assert waiting(scope) == 1


def test_the_letter_names_the_address_people_reach_us_at(colleague, community, where, monkeypatch):
    settings = replace(community.app.config["SETTINGS"], public_url="https://wangge.example")
    monkeypatch.setitem(community.app.config, "SETTINGS", settings)
    page = colleague.client.get(f"{community.pages}/letter").text
    assert "wangge.example/hello/" in page
    assert "localhost" not in page


def test_a_paused_community_takes_nothing_in(anonymous, community, where):
    with community.county.acting():
        paused = text("UPDATE tenant SET paused_at = now() WHERE id = :id")
        db.session.execute(paused, {"id": community.scope.tenant_id})
    elsewhere = {"REMOTE_ADDR": "198.51.100.9"}  # one address writes five times a minute at most
    assert anonymous.get(where, environ_base=elsewhere).status_code == 410
    assert anonymous.post(where, data=FIELDS, environ_base=elsewhere).status_code == 410
    with community.acting() as scope:
        assert waiting(scope) == 0


def test_somebody_who_is_known_is_pointed_out(colleague, community):
    a_member(community, phone="19911112222")
    a_self_report(community)
    page = colleague.client.get(f"{community.pages}/reports")
    assert "名册里已经有这个电话" in words(page)
    assert "/verify" not in page.text


def test_the_code_is_a_picture_and_says_nothing_else(colleague, community, where):
    answer = colleague.client.get(f"{community.pages}/letter/code.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "<script" not in answer.text


def test_the_form_names_nobody_and_loads_nothing(anonymous, community, where):
    a_member(community, name="独特姓名甲")
    page = anonymous.get(where).text
    assert "独特姓名" not in page
    assert community.slug not in re.sub(re.escape(where), "", page)


def test_whoever_is_known_is_looked_up_by_phone_without_an_address(colleague, community):
    """The next step is the register's own search, which is posted."""
    a_member(community, name="虚构已登记者", phone="19911112222")
    a_self_report(community, phone="19911112222")
    page = colleague.client.get(f"{community.pages}/reports")
    assert "在名册里查找这个电话" in words(page) and "已核实，登记" not in words(page)
    number = re.search(r'name="words" value="([^"]+)"', page.text)[1]
    found = colleague.client.post(f"{community.pages}/members/search", data={"words": number})
    assert found.status_code == 200 and "虚构已登记者" in words(found)


def test_what_cannot_be_undone_is_said_before_it_is_done(colleague, community, where):
    a_self_report(community)
    assert "不能恢复" in words(colleague.client.get(f"{community.pages}/reports"))
    assert "不能换回来" in words(colleague.client.get(f"{community.pages}/letter"))


def test_a_letters_code_can_be_typed_off_paper(where):
    code = where.rpartition("/")[2]
    assert len(code) == 14 and not set(code) & set("01loi-_") and code == code.lower()


def test_where_somebody_came_from_is_no_address(anonymous, community, where):
    answer = anonymous.post(where, data={**FIELDS, "from_place": "虚构市虚构路 5 号"})
    assert answer.status_code == 422 and "写到区县就行" in words(answer)
    with community.acting() as scope:
        assert waiting(scope) == 0
