"""What a tablet is handed to keep: only its own people, masked, under a key that ends."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from tenants.database import db
from tests.factories.arrivals import an_arrival
from tests.factories.members import a_member
from tests.factories.visits import a_visit, an_operation, delivered


def handed(cast, device=None):
    answer = cast.client.get(f"{cast.office.api}/offline?device={device or uuid4()}")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.fixture
def newcomer(community):
    an_arrival(community, name="虚构新来者", phone="19900001234", address="虚构路 5 号 602 室")
    an_arrival(community, name="虚构邻格者", home=community.inside(4))
    a_member(community, name="虚构无事者")


def test_it_holds_the_list_its_cards_and_the_own_cells(leader, community, newcomer):
    kept = handed(leader)
    assert [each["name"] for each in kept["today"]] == ["虚构新来者"]
    [due] = kept["today"][0]["dues"]
    assert due["title"] == "首次联系" and "依据：001_afcb 一-1" in due["why"]
    [card] = kept["cards"]
    assert (card["name"], card["masked_phone"]) == ("虚构新来者", "*******1234")
    assert card["has_address"] and card["version"] == 1
    [cell] = kept["cells"]["features"]
    assert cell["properties"]["id"] == str(community.cells[0])
    assert cell["geometry"]["type"] == "Polygon"


def test_nothing_in_it_is_whole_or_of_others(leader, colleague, community, newcomer):
    answer = leader.client.get(f"{community.api}/offline?device={uuid4()}").text
    assert "虚构新来者" in answer
    for secret in ("19900001234", "602 室", "虚构邻格者", "虚构无事者"):
        assert secret not in answer
    assert len(handed(colleague)["today"]) == 2
    assert len(handed(colleague)["cells"]["features"]) == 4


def test_whoever_is_on_it_is_told(leader, community, newcomer):
    member = handed(leader)["cards"][0]["member"]
    page = leader.client.get(f"{community.pages}/members/{member}").text
    assert "下载到平板的名单里有这个人" in page


def test_the_key_is_the_tablets_own_and_stays_while_it_lasts(leader, community):
    one, other = uuid4(), uuid4()
    first, again, second = handed(leader, one), handed(leader, one), handed(leader, other)
    assert first["key"] == again["key"]
    assert first["key"]["material"] != second["key"]["material"]
    assert len(b64decode(first["key"]["material"])) == 32
    ends = datetime.fromisoformat(first["expires_at"])
    assert timedelta(days=6) < ends - datetime.now(UTC) <= timedelta(days=7)
    with community.acting():
        sealed = db.session.execute(text("SELECT key_sealed FROM device")).scalars().all()
        assert not [each for each in sealed if b64decode(first["key"]["material"]) in bytes(each)]
        db.session.execute(text("UPDATE device SET key_expires_at = now() + interval '1 hour'"))
    renewed = handed(leader, one)["key"]
    assert renewed["id"] != first["key"]["id"]
    assert renewed["material"] != first["key"]["material"]


def test_the_version_changes_with_what_it_holds(leader, community, newcomer):
    device = uuid4()
    first = handed(leader, device)
    assert handed(leader, device)["version"] == first["version"]
    member = first["cards"][0]["member"]
    delivered(leader, [an_operation(member=member)], device)
    after = handed(leader, device)
    assert after["version"] != first["version"] and after["today"] == []


def test_whose_cell_was_taken_is_no_longer_on_it(leader, community, newcomer):
    device = uuid4()
    first = handed(leader, device)
    with community.acting() as scope:
        db.session.execute(
            text("UPDATE standing SET cell_id = :cell WHERE person_id = :person"),
            {"cell": community.cells[3], "person": leader.person_id},
        )
    after = handed(leader, device)
    assert [each["name"] for each in after["today"]] == ["虚构邻格者"]
    assert after["lead"]["version"] != first["lead"]["version"]
    assert scope


def test_the_token_in_it_lets_operations_in(leader, newcomer):
    device = uuid4()
    kept = handed(leader, device)
    answer = leader.client.post(
        f"{leader.office.api}/operations",
        json={"device": str(device), "operations": []},
        headers={"X-CSRFToken": kept["csrf_token"]},
        csrf=False,
    )
    assert answer.status_code == 200


def test_visits_on_a_card_carry_no_notes(leader, community, newcomer):
    member = handed(leader)["cards"][0]["member"]
    a_visit(community, member, leader.scope, outcome="not_reached", note="敲门没有人应")
    kept = leader.client.get(f"{community.api}/offline?device={uuid4()}")
    assert "敲门" not in kept.text
    assert kept.json["cards"][0]["visits"][0]["outcome"] == "not_reached"
    assert kept.json["today"][0]["attempts"] == 1
