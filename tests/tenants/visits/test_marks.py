"""What operations tell: their marks whoever reads the table, their answers whoever sends guesses."""

from __future__ import annotations

from datetime import datetime
from json import dumps
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.visits.kinds import Sent
from tests.factories.members import a_member
from tests.factories.visits import an_operation, delivered


@pytest.fixture
def sent(leader, community):
    """An operation that was delivered and applied."""
    operation = an_operation(member=a_member(community))
    assert delivered(leader, [operation])[0]["status"] == "applied"
    return operation


def plain(sent):
    moment = datetime.fromisoformat(sent["made_at"])
    return Sent(UUID(sent["id"]), sent["kind"], moment, sent["body"]).hash


def test_who_tries_out_moments_finds_none_that_fits(community, sent):
    with community.acting():
        kept = db.session.execute(text("SELECT body_hash FROM operation")).scalar_one()
    assert bytes(kept) != plain(sent)


def test_what_was_kept_before_there_was_a_key_is_known_again(leader, community, sent):
    with community.acting():
        db.session.execute(text("UPDATE operation SET body_hash = :old"), {"old": plain(sent)})
        db.session.commit()
    again = delivered(leader, [sent])[0]
    assert (again["status"], again["repeated"]) == ("already", True)
    other = {**sent, "body": {**sent["body"], "outcome": "not_reached"}}
    assert delivered(leader, [other])[0]["status"] == "different_body"


def test_nobody_finds_a_telephone_by_sending_guesses(officer, community):
    """An officer is shown the four last digits, and has no way to open the rest."""
    member = a_member(community, phone="19900001234", branch_id=community.branches[0])

    def answer(phone):
        body = {"member": str(member), "changes": {"phone": phone}}
        [told] = delivered(officer, [an_operation("member_edit", body=body, seen=0)])
        return told["status"], told["facts"]["now"], told["facts"]["yours"]

    assert answer("19900001234") == answer("19988881234")
    assert answer("19900001234")[0] == "conflict"


def test_half_a_character_holds_up_nothing_behind_it(leader, community):
    """A note that was cut in the middle of an emoji."""
    member = a_member(community)
    cut, whole = an_operation(member=member, note="好\ud83d"), an_operation(member=member)
    other = {**an_operation(member=member), "id": "\ud83d"}
    body = dumps({"device": str(uuid4()), "operations": [cut, other, whole]})
    where = f"{community.api}/operations"
    sent = leader.program.post(where, data=body, content_type="application/json")
    answers = sent.json["answers"]
    assert [each["status"] for each in answers] == ["refused", "refused", "applied"]
    assert answers[0]["id"] == cut["id"]
