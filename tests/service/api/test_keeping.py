"""The register kept by programs: entered, taken out and brought back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.members import a_member


def sent(person, path, **body):
    return person.program.post(f"{person.office.api}/members{path}", json=body)


def test_a_member_is_entered_and_read_back(colleague):
    answer = sent(
        colleague, "", name="虚 构甲", affiliation="reported_in", phone="199 0000 1111",
        stage="probationary", born="1985-03",
    )  # fmt: skip
    assert answer.status_code == 201
    card = colleague.program.get(answer.headers["Location"]).get_json(force=True)
    assert (card["name"], card["affiliation"], card["stage"]) == (
        "虚构甲",
        "reported_in",
        "probationary",
    )
    assert (card["born_on"], card["born_precision"]) == ("1985-03-01", "month")
    again = sent(colleague, "", name="虚构乙", phone="19900001111")
    assert (again.status_code, again.get_json(force=True)["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "虚构甲", "affiliation": "incoming"}, "affiliation"),
        ({"name": "虚构甲", "born": "1985-13"}, "born"),
        ({"name": "虚构甲", "phone": "12"}, "phone"),
        ({"name": "虚构甲", "stage": "new"}, "stage"),
        ({"name": "虚构甲", "score": 3}, "score"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(colleague, body, field):
    answer = sent(colleague, "", **body)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.get_json(force=True)["faults"]] == [field]


def test_somebody_is_taken_out_and_brought_back(colleague, community):
    member_id = a_member(community, branch_id=community.branches[0])
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    where = f"/{member_id}/out"
    assert sent(colleague, where, version=1, reason="moved", on=tomorrow).status_code == 422
    assert sent(colleague, where, version=2, reason="moved").status_code == 409
    assert sent(colleague, where, version=1, reason="tired").status_code == 422
    assert sent(colleague, where, version=1, reason="moved").get_json(force=True) == {
        "id": str(member_id),
        "in_register": False,
        "branch": None,
    }
    card = f"{community.api}/members/{member_id}"
    assert colleague.program.get(card).status_code == 404
    back = sent(colleague, f"/{member_id}/back").get_json(force=True)
    assert back["branch"] == str(community.branches[0])
    assert colleague.program.get(card).status_code == 200
    assert sent(colleague, f"/{member_id}/back").status_code == 404
