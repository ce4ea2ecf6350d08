"""Letting people in, ending, handing over, and states of tenants below, as a program does."""

from __future__ import annotations

import pytest

from tests.factories.people import a_leader


@pytest.fixture
def people(colleague):
    """(method, rest of the address, body) -> answer, as an administrator's program."""

    def ask(method, rest="", **body):
        address = f"{colleague.office.api}/people{rest}"
        return getattr(colleague.program, method)(address, **({"json": body} if body else {}))

    return ask


def test_somebody_is_let_in_by_a_link_that_is_told_once(people, community):
    made = people(
        "post",
        "/invitations",
        email="leader@example.invalid",
        name="虚构网格长",
        role="grid_leader",
        cell=str(community.cells[0]),
    )
    assert made.status_code == 201, made.json
    assert "/invitations/" in made.json["link"]
    [listed] = people("get").json["invited"]
    assert (listed["id"], listed["state"]) == (made.json["id"], "open")
    assert "link" not in listed
    again = people("post", f"/invitations/{made.json['id']}/again")
    assert again.json["link"] != made.json["link"]
    assert people("post", f"/invitations/{made.json['id']}/withdraw").status_code == 204
    assert people("post", f"/invitations/{made.json['id']}/withdraw").status_code == 409


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"email": "不是邮箱"}, 422),
        ({"role": "county_admin"}, 403),
        ({"role": "grid_leader"}, 422),
        ({"name": ""}, 422),
        ({"who": "?"}, 422),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(people, said, code):
    body = {"email": "a@example.invalid", "name": "甲", "role": "community_admin", **said}
    answer = people("post", "/invitations", **body)
    assert answer.status_code == code
    assert answer.json["title"]


def test_a_standing_ends_at_once_and_comes_back(people, community):
    leader = a_leader(community)
    address = f"/standings/{leader.scope.standing_id}"
    assert people("post", f"{address}/end").json["ended_at"]
    assert leader.client.get(f"{community.pages}/today").status_code == 404
    vacant = {each["id"] for each in people("get").json["vacant"]}
    assert str(community.cells[0]) in vacant
    assert people("post", f"{address}/end").status_code == 409
    assert people("post", f"{address}/resume").json["ended_at"] is None
    assert leader.client.get(f"{community.pages}/today").status_code == 200


def test_everything_is_handed_over_in_one_step_and_back(people, community):
    leaving, taking = a_leader(community), a_leader(community, cell=2)
    body = {"from": str(leaving.person_id), "to": str(taking.person_id)}
    made = people("post", "/handovers", **body)
    assert made.status_code == 201, made.json

    def led_by(person):
        present = people("get").json["present"]
        return sum(each["person_id"] == str(person.person_id) for each in present)

    assert (led_by(leaving), led_by(taking)) == (0, 2)
    assert people("post", f"/handovers/{made.json['id']}/undo").status_code == 204
    assert (led_by(leaving), led_by(taking)) == (1, 1)


def test_a_leader_manages_nobody(community):
    leader = a_leader(community)
    assert leader.program.get(f"{community.api}/people").status_code == 404


@pytest.fixture
def state(county_admin, community):
    """(act, body) -> answer of a change of the community's state."""

    def ask(act, **body):
        address = f"{county_admin.office.api}/administration/tenants/{community.slug}/{act}"
        return county_admin.program.post(address, json=body)

    return ask


def test_a_tenant_is_paused_closed_and_opened_again(state, county_admin, community):
    assert state("pause").status_code == 422
    assert state("pause", reason="核对名册").json["state"] == "paused"
    assert state("pause", reason="核对名册").status_code == 409
    assert state("resume").json["state"] == "open"
    closed = state("close", reason="并入别的社区").json
    assert closed["state"] == "closed" and closed["erase_on"]
    assert state("reopen").json["state"] == "open"
    address = f"{county_admin.office.api}/administration/tenants/{community.slug}"
    assert county_admin.program.get(address).json["state"] == "open"


def test_limits_and_a_move_say_what_is_wrong(state, county_admin):
    said = {"members": 10, "imports_an_hour": 2, "megabytes": 50}
    assert state("limits", **said).status_code == 200
    assert state("limits", **{**said, "members": 0}).status_code == 422
    assert state("move", township="nowhere").status_code in (404, 409, 422)
    township = county_admin.office.township.slug
    assert state("move", township=township).status_code in (409, 422)


def test_only_the_county_changes_states(colleague, community):
    address = f"{community.api}/administration/tenants/{community.slug}/pause"
    assert colleague.program.post(address, json={"reason": "?"}).status_code in (403, 404)
