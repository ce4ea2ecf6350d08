"""What tablets deliver: once each, one answer, in the tablet's order (issue 5, items 4, 5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tenants.administration.exporting import exported_tables
from tenants.database import db
from tenants.visits.devices import withdraw_device
from tenants.visits.operations import forget_old_answers
from tests.factories.members import a_member
from tests.factories.people import a_person
from tests.factories.visits import an_operation, delivered, visits

NOW = datetime.now(UTC)


@pytest.fixture
def member(community):
    return a_member(community)


def test_an_operation_is_applied_once_and_answered_alike(leader, community, member):
    sent, device = an_operation(member=member, note="腿脚不便，下次早些来"), uuid4()
    first = delivered(leader, [sent], device)[0]
    assert (first["status"], first["facts"]["visit"]) == ("applied", sent["id"])
    for which in (device, uuid4()):
        again = delivered(leader, [sent], which)[0]
        assert (again["status"], again["repeated"]) == ("already", True)
        assert again["facts"] == first["facts"]
    [kept] = visits(community)
    assert (kept.done_by, kept.source) == (leader.person_id, "tablet")
    assert b"\xe8\x85\xbf" not in bytes(kept.note_sealed)


def test_the_same_id_with_another_body_is_refused_as_such(leader, community, member):
    sent = an_operation(member=member)
    other = {**sent, "body": {**sent["body"], "outcome": "not_reached"}}
    answers = [delivered(leader, [each])[0] for each in (sent, other, sent)]
    assert [each["status"] for each in answers] == ["applied", "different_body", "already"]
    assert "同一个编号" in answers[1]["sentence"]
    assert [each.outcome for each in visits(community)] == ["reached"]


def test_one_refused_does_not_hold_up_the_rest(leader, community, member):
    elsewhere = a_member(community, home=community.inside(4))
    wrong = [
        an_operation(member=elsewhere),
        an_operation(member=uuid4()),
        an_operation(member=member, outcome="charmed"),
        an_operation(member=member, note="长" * 121),
        an_operation(member=member, score=5),
        an_operation(member=member, happened_on="2020-01-01"),
        an_operation(member=member, note="nul \x00"),
        {**an_operation(member=member), "id": "no uuid"},
        {**an_operation(member=member), "made_at": "yesterday"},
        an_operation("praise", member=member),
    ]
    good = an_operation(member=member)
    answers = delivered(leader, [*wrong[:5], good, *wrong[5:]])
    statuses = [each["status"] for each in answers]
    assert statuses == ["refused"] * 5 + ["applied"] + ["refused"] * 5
    assert [each["id"] for each in answers] == [
        each["id"] for each in [*wrong[:5], good, *wrong[5:]]
    ]
    assert all(each["sentence"] for each in answers if each["status"] == "refused")
    assert len(visits(community)) == 1
    again = delivered(leader, wrong[:1])[0]
    assert (again["status"], again["repeated"]) == ("refused", True)


def test_no_more_than_the_day_is_kept_of_when_each_was_done(leader, community, member):
    """The minutes and the order would tell where a leader walked (domain section 5)."""
    morning = NOW.replace(hour=9, minute=41)
    sent = an_operation(made_at=morning, member=member, sequence=7)
    delivered(leader, [sent])
    with community.acting():
        kept = db.session.execute(text("SELECT made_at, sequence FROM operation")).one()
    assert (kept.made_at, kept.sequence) == (
        NOW.replace(hour=0, minute=0, second=0, microsecond=0),
        None,
    )
    assert not {"operation", "device"} & {table.name for table in exported_tables()}
    assert delivered(leader, [sent])[0]["status"] == "already"


def test_too_many_at_once_are_refused_whole(leader, member):
    many = [an_operation(member=member) for _ in range(201)]
    assert delivered(leader, many, status=422)["code"] == "invalid_input"


def test_withdrawing_before_the_visit_arrives_waits_for_it(leader, community, member):
    visit = an_operation(member=member, sequence=1)
    back = an_operation("withdraw_visit", body={"visit": visit["id"]}, sequence=2)
    early = delivered(leader, [back])[0]
    assert (early["status"], early["code"]) == ("retry", "not_yet")
    answers = delivered(leader, [back, visit])
    assert [each["status"] for each in answers] == ["applied", "applied"]
    assert [each.withdrawn_by for each in visits(community)] == [leader.person_id]
    assert delivered(leader, [back])[0]["status"] == "already"


def test_an_edit_of_what_somebody_changed_shows_both_facts(leader, colleague, community, member):
    def edit(cast, seen, **changes):
        body = {"member": str(member), "changes": changes}
        return delivered(cast, [an_operation("member_edit", body=body, seen=seen)])[0]

    first = edit(leader, 1, employer="甲厂", phone="199 0000 1234")
    assert (first["status"], first["facts"]["version"]) == ("applied", 2)
    late = edit(colleague, 1, employer="乙厂", phone="19900005678")
    assert (late["status"], late["code"]) == ("conflict", "changed")
    assert late["facts"]["now"] == {"employer": "甲厂", "phone": "*******1234"}
    assert late["facts"]["yours"] == {"employer": "乙厂", "phone": "*******5678"}
    assert edit(colleague, 1, employer="甲厂")["status"] == "applied"
    assert edit(colleague, 2, employer="乙厂")["status"] == "applied"
    assert edit(colleague, 3, name="改名")["status"] == "refused"


def test_a_clock_that_is_a_day_wrong_is_taken_and_marked(leader, community, member):
    tomorrow = NOW + timedelta(days=1)
    sent = an_operation(made_at=tomorrow, member=member, happened_on=tomorrow.date().isoformat())
    answer = delivered(leader, [sent])[0]
    assert (answer["status"], answer["facts"]["dated_ahead"]) == ("applied", True)
    assert visits(community)[0].dated_ahead


def test_order_is_the_tablets_numbering_not_its_clock(leader, community, member):
    """The edit made second carries an earlier clock; it must still come second."""
    body = {"member": str(member), "changes": {"employer": "甲厂"}}
    first = an_operation("member_edit", NOW, body=body, seen=1, sequence=1)
    other = {"member": str(member), "changes": {"employer": "乙厂"}}
    second = an_operation("member_edit", NOW - timedelta(days=1), body=other, seen=2, sequence=2)
    answers = delivered(leader, [second, first])
    assert [each["facts"]["version"] for each in answers] == [3, 2]


def test_a_wish_becomes_a_request(leader, community, member):
    answer = delivered(leader, [an_operation(member=member, wish="job")])[0]
    with community.acting():
        wish = db.session.execute(text("SELECT id, kind, visit_id FROM service_request")).one()
    assert (str(wish.id), wish.kind) == (answer["facts"]["request"], "job")
    assert wish.visit_id == UUID(answer["id"])


def test_a_visit_outlives_its_answer_and_is_still_applied_once(leader, community, member):
    sent = an_operation(member=member, wish="job")
    delivered(leader, [sent])
    with community.acting() as scope:
        db.session.execute(text("UPDATE operation SET received_at = now() - interval '91 days'"))
        assert forget_old_answers(scope, NOW) == 1
    assert delivered(leader, [sent])[0]["status"] == "applied"
    assert len(visits(community)) == 1
    with community.acting():
        assert db.session.execute(text("SELECT count(*) FROM service_request")).scalar_one() == 1


def test_the_answer_tells_what_is_led_now(leader, community, member):
    batch = {"device": str(uuid4()), "operations": []}
    lead = leader.client.post(f"{community.api}/operations", json=batch).json["lead"]
    assert lead["cell_ids"] == [str(community.cells[0])]
    offline = leader.client.get(f"{community.api}/offline?device={uuid4()}").json
    assert offline["lead"] == lead
    second = a_person(community, "grid_leader", cell=community.cells[1])
    other = second.client.post(f"{community.api}/operations", json=batch | {"device": str(uuid4())})
    assert other.json["lead"]["version"] != lead["version"]


def test_a_tablet_belongs_to_one_person(leader, colleague, member):
    device = uuid4()
    delivered(leader, [], device)
    refused = delivered(colleague, [an_operation(member=member)], device, status=409)
    assert refused["code"] == "device_of_another"


def test_a_withdrawn_tablet_delivers_nothing_and_keeps_nothing(leader, community, member):
    device = uuid4()
    delivered(leader, [], device)
    with community.acting() as scope:
        withdraw_device(scope, device)
    assert delivered(leader, [an_operation(member=member)], device, status=410)["code"] == (
        "device_withdrawn"
    )
    gone = leader.client.get(f"{community.api}/offline?device={device}")
    assert (gone.status_code, gone.json["code"]) == (410, "device_withdrawn")
    assert visits(community) == []
