"""Registering, listing and deciding, as a program does it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from geo.coordinates import from_wgs84
from tenants.database import db
from tests.factories.arrivals import a_proposed_arrival, an_arrival
from tests.factories.doors import a_door
from tests.factories.jobs import work_off


def sent(community, **wanted):
    lon, lat = community.inside(1, east=20)
    body = {"name": "来者甲", "home": {"lon": lon, "lat": lat, "system": "wgs84"}, **wanted}
    return {key: value for key, value in body.items() if value is not None}


def test_an_arrival_registered_by_a_program_gets_its_proposal(colleague, community):
    answer = colleague.program.post(
        f"{community.api}/arrivals",
        json=sent(community, phone="+86 199 0000 0001", arrived_on="2026-11-01", reason="务工"),
    )
    assert answer.status_code == 201
    assert answer.get_json()["state"] == "signalled"
    where = answer.headers["Location"]
    assert where == f"{community.api}/arrivals/{answer.get_json()['id']}"
    assert work_off(community) == ["done"]
    case = colleague.program.get(where).get_json()
    assert (case["name"], case["state"], case["arrived_on"]) == ("来者甲", "proposed", "2026-11-01")
    proposal = case["proposal"]
    assert proposal["branch"] == str(community.branches[0])
    assert proposal["place"] == "home"
    assert 19 < proposal["metres"] < 21
    assert proposal["nearer"] == []
    member = colleague.program.get(f"{community.api}/members/{case['member']}").get_json()
    assert member["masked_phone"] == "*******0001"


def test_the_source_system_is_converted_and_the_raw_numbers_are_kept(colleague, community):
    lon, lat = community.inside(1)
    (shifted_lon,), (shifted_lat,) = from_wgs84([lon], [lat], "gcj02")
    home = {"lon": shifted_lon, "lat": shifted_lat, "system": "gcj02", "precision": "compound"}
    answer = colleague.program.post(f"{community.api}/arrivals", json=sent(community, home=home))
    arrival = colleague.program.get(answer.headers["Location"]).get_json()
    member = colleague.program.get(f"{community.api}/members/{arrival['member']}").get_json()
    assert member["home"]["lon"] == pytest.approx(lon, abs=2e-7)
    assert member["home"]["lat"] == pytest.approx(lat, abs=2e-7)
    assert member["home"]["precision"] == "compound"
    with community.acting():
        source = db.session.execute(text("SELECT home_source FROM member")).scalar_one()
    assert source == {"system": "gcj02", "x": shifted_lon, "y": shifted_lat}


def test_nearer_branches_that_were_passed_over_come_with_their_reason(colleague, community):
    full = [a_proposed_arrival(community, home=community.inside(3))[0]]
    arrival_id, proposal = a_proposed_arrival(community, home=community.inside(3, east=5))
    assert full
    assert proposal.branch_id != community.branches[2]
    case = colleague.program.get(f"{community.api}/arrivals/{arrival_id}").get_json()
    (nearer,) = case["proposal"]["nearer"]
    assert (nearer["branch"], nearer["reason"]) == (str(community.branches[2]), "no_seat")
    assert 4 < nearer["metres"] < 6


def test_no_home_can_be_worked_out_from_distances_by_who_came_through_a_door(community):
    """Three branches, three circles: to the metre they meet in one home."""
    a_proposed_arrival(community, home=community.inside(3))
    arrival_id, _card = a_proposed_arrival(community, home=community.inside(3, east=5))
    _door, visitor = a_door(community)
    told = visitor.client.get(f"{community.api}/arrivals/{arrival_id}").json["proposal"]
    metres = [told["metres"], *(near["metres"] for near in told["nearer"])]
    assert len(metres) > 1
    assert {each % 500 for each in metres} == {0}
    page = visitor.client.get(f"{community.pages}/arrivals/{arrival_id}").text
    assert {each % 100 for each in map(int, re.findall(r"(\d+) 米", page))} == {0}


def test_accepting_undoing_redirecting_and_asking_for_another(colleague, community):
    arrival_id, _ = a_proposed_arrival(community)
    at = f"{community.api}/arrivals/{arrival_id}"

    def decide(verb, **body):
        answer = colleague.program.post(f"{at}/{verb}", json=body or None)
        return answer.status_code, answer.get_json(force=True)["state"]

    assert decide("accept") == (200, "placed")
    assert colleague.program.get(at).get_json()["branch"] == str(community.branches[0])
    assert decide("undo") == (200, "proposed")
    assert colleague.program.get(at).get_json()["branch"] is None
    assert decide("another") == (200, "verified")
    work_off(community)
    case = colleague.program.get(at).get_json()
    assert case["proposal"]["branch"] != str(community.branches[0])
    assert case["proposal"]["nearer"][0]["reason"] == "asked_for_another"
    assert decide("redirect", branch=str(community.branches[2])) == (200, "placed")
    assert colleague.program.get(at).get_json()["branch"] == str(community.branches[2])
    taken = colleague.program.get(f"{community.api}/branches/{community.branches[2]}").get_json()
    assert (taken["capacity"], taken["taken"], taken["free"]) == (1, 1, 0)


def test_deciding_twice_is_a_conflict_and_changes_nothing(colleague, community):
    arrival_id, _ = a_proposed_arrival(community)
    at = f"{community.api}/arrivals/{arrival_id}"
    assert colleague.program.post(f"{at}/accept").status_code == 200
    for verb in ("accept", "another"):
        answer = colleague.program.post(f"{at}/{verb}")
        assert answer.status_code == 409
        assert answer.content_type == "application/problem+json"
    assert colleague.program.get(at).get_json()["state"] == "placed"


def test_a_full_branch_is_refused_with_its_own_code(colleague, community):
    first, _ = a_proposed_arrival(community, home=community.inside(3))
    second = an_arrival(community, home=community.inside(1))
    api = f"{community.api}/arrivals"
    assert colleague.program.post(f"{api}/{first}/accept").status_code == 200
    answer = colleague.program.post(
        f"{api}/{second}/redirect", json={"branch": str(community.branches[2])}
    )
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (409, "no_seat")


def test_a_branch_of_next_door_cannot_be_chosen(colleague, neighbour, community):
    arrival_id = an_arrival(community)
    for branch in (neighbour.office.branches[0], uuid4()):
        answer = colleague.program.post(
            f"{community.api}/arrivals/{arrival_id}/redirect", json={"branch": str(branch)}
        )
        assert answer.status_code == 404
    case = colleague.program.get(f"{community.api}/arrivals/{arrival_id}").get_json()
    assert case["state"] == "signalled"


def test_a_leader_decides_for_their_own_cell_only(leader, community):
    mine, _ = a_proposed_arrival(community, home=community.inside(1))
    other, _ = a_proposed_arrival(community, home=community.inside(4))
    api = f"{community.api}/arrivals"
    listed = leader.program.get(api).get_json()["items"]
    assert [line["id"] for line in listed] == [str(mine)]
    assert leader.program.get(f"{api}/{other}").status_code == 404
    branch = {"branch": str(community.branches[0])}
    for verb, body in (("accept", None), ("another", None), ("undo", None), ("redirect", branch)):
        assert leader.program.post(f"{api}/{other}/{verb}", json=body).status_code == 404, verb
    assert leader.program.post(f"{api}/{mine}/accept").status_code == 200


def test_a_list_goes_by_cursor_newest_first_without_gap_or_overlap(colleague, community):
    made = [an_arrival(community) for _ in range(5)]
    found, after = [], None
    while True:
        query = {"limit": 2} | ({"after": after} if after else {})
        page = colleague.program.get(f"{community.api}/arrivals", query_string=query).get_json()
        assert len(page["items"]) <= 2
        found += [line["id"] for line in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == [str(id_) for id_ in reversed(made)]


def test_a_list_is_narrowed_by_state_and_words(colleague, community):
    proposed, _ = a_proposed_arrival(community, name="独特甲")
    an_arrival(community, name="独特乙")
    api = f"{community.api}/arrivals"

    def listed(**query):
        items = colleague.program.get(api, query_string=query).get_json()["items"]
        return [line["name"] for line in items]

    assert listed() == ["独特乙", "独特甲"]
    assert listed(state="proposed") == ["独特甲"]
    assert listed(words="特乙") == ["独特乙"]
    assert listed(words="%") == []
    assert proposed


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "甲\u0000乙"}, "name"),
        ({"name": "甲\u202e乙"}, "name"),
        ({"name": "甲\u2066乙"}, "name"),
        ({"name": "甲" * 61}, "name"),
        ({"name": 7}, "name"),
        ({"sex": "x"}, "sex"),
        ({"phone": "不详细"}, "phone"),
        ({"arrived_on": "2026-13-01"}, "arrived_on"),
        ({"home": "这里"}, "home"),
        ({"home": {"lon": 112.5, "lat": 28.2}}, "home.system"),
        ({"home": {"lon": 112.5, "lat": 28.2, "system": "mars"}}, "home.system"),
        ({"home": {"lon": 28.2, "lat": 112.5, "system": "wgs84"}}, "home.lat"),
        ({"home": {"lon": 500000, "lat": 28.2, "system": "wgs84"}}, "home.lon"),
        ({"home": {"lon": "nan", "lat": 28.2, "system": "wgs84"}}, "home.lon"),
        ({"home": {"lon": 0, "lat": 0, "system": "wgs84"}}, "home"),
        ({"tenant_id": 7}, "tenant_id"),
        ({"affiliation": "affiliated"}, "affiliation"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(colleague, community, wrong, field):
    body = sent(community) | wrong
    body = {key: value for key, value in body.items() if value is not None}
    answer = colleague.program.post(f"{community.api}/arrivals", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert {fault["field"] for fault in answer.get_json(force=True)["faults"]} == {field}
    assert colleague.program.get(f"{community.api}/arrivals").get_json()["items"] == []


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b""])
def test_a_body_that_is_no_object_is_a_problem_not_a_crash(colleague, community, body):
    answer = colleague.program.post(
        f"{community.api}/arrivals", data=body, content_type="application/json"
    )
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=x", "state=gone"])
def test_a_question_that_cannot_be_answered_names_its_field(colleague, community, query):
    answer = colleague.program.get(f"{community.api}/arrivals?{query}")
    assert answer.status_code == 422
    (fault,) = answer.get_json(force=True)["faults"]
    assert fault["field"] == query.partition("=")[0]


def test_a_place_elsewhere_is_refused_with_the_reading_that_would_fit(colleague, community):
    lon, lat = community.inside(1)
    (shifted_lon,), (shifted_lat,) = from_wgs84([lon], [lat], "bd09")
    for place, fits in (
        ({"lon": shifted_lon, "lat": shifted_lat, "system": "gcj02"}, "bd09"),
        ({"lon": 100.0, "lat": 30.0, "system": "wgs84"}, ""),
    ):
        body = sent(community, home=place)
        answer = colleague.program.post(f"{community.api}/arrivals", json=body)
        assert answer.status_code == 422
        (fault,) = answer.get_json(force=True)["faults"]
        assert (fault["field"], fault["code"], fault["fits"]) == ("home", "outside", fits)
    assert colleague.program.get(f"{community.api}/arrivals").get_json()["items"] == []


def test_somebody_who_works_here_may_live_elsewhere(colleague, community):
    lon, lat = community.inside(2)
    body = sent(
        community,
        home={"lon": 100.0, "lat": 30.0, "system": "wgs84"},
        work={"lon": lon, "lat": lat, "system": "wgs84"},
    )
    answer = colleague.program.post(f"{community.api}/arrivals", json=body)
    assert answer.status_code == 201
    work_off(community)
    case = colleague.program.get(answer.headers["Location"]).get_json()
    assert (case["proposal"]["place"], case["proposal"]["metres"]) == ("work", 0.0)
    assert case["proposal"]["branch"] == str(community.branches[1])


def test_faults_are_said_in_chinese(colleague, community):
    answer = colleague.program.post(f"{community.api}/arrivals", json={})
    problem = answer.get_json(force=True)
    assert problem["faults"] == [{"field": "name", "sentence": "这一项必须填写。"}]
