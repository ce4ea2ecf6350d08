"""Suggestions of a match run, decided by a program."""

from __future__ import annotations

from tests.factories.people import a_leader
from tests.factories.redirects import a_suggestion


def test_a_suggestion_is_declined_thought_over_and_taken(colleague, community):
    suggestion_id = a_suggestion(community)
    address = f"{community.api}/redirects/suggestions"
    [listed] = colleague.program.get(address).json["items"]
    assert listed["id"] == str(suggestion_id)
    assert listed["metres"] < listed["here_metres"]
    one = f"{address}/{suggestion_id}"
    assert colleague.program.post(f"{one}/decline").json["decision"] == "declined"
    assert colleague.program.get(address).json["items"] == []
    assert colleague.program.post(f"{one}/decline").status_code == 409
    assert colleague.program.post(f"{one}/think-again").json["decision"] == "open"
    taken = colleague.program.post(f"{one}/take")
    assert taken.status_code == 201
    redirect = f"{community.api}/redirects/{taken.json['redirect_id']}"
    assert colleague.program.get(redirect).json["state"] == "proposed"
    assert colleague.program.post(f"{one}/take").status_code == 409


def test_a_leader_does_not_decide_across_the_border(community):
    suggestion_id = a_suggestion(community)
    leader = a_leader(community, cell=4)
    address = f"{community.api}/redirects/suggestions"
    assert leader.program.get(address).status_code == 404
    assert leader.program.post(f"{address}/{suggestion_id}/take").status_code == 404
