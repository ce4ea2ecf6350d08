"""Who reads a list of people is written down for each of them, and told to nobody else."""

from __future__ import annotations

import pytest

from tenants.arrivals.lookups import arrival
from tenants.people.history import history
from tests.factories.arrivals import an_arrival
from tests.factories.members import a_member


@pytest.mark.parametrize("page", ["/members", "/arrivals", "/today"])
def test_everybody_on_a_list_can_see_that_it_was_read(community, colleague, page):
    arrival_id = an_arrival(community)
    with community.acting() as scope:
        member_id = arrival(scope, arrival_id).member_id
        before = len(history(scope, "member", member_id))
    assert colleague.client.get(community.pages + page).status_code == 200
    with community.acting() as scope:
        newest = history(scope, "member", member_id)
    assert len(newest) == before + 1
    assert (newest[0].act, newest[0].person_id) == ("read_members", colleague.person_id)


def test_a_list_without_somebody_tells_them_nothing(community, colleague):
    member_id = a_member(community, name="甲不在内")
    assert colleague.client.get(f"{community.pages}/members?words=无此人").status_code == 200
    with community.acting() as scope:
        assert history(scope, "member", member_id) == []


@pytest.mark.parametrize(("cell", "told"), [(1, True), (3, False)])
def test_a_leader_learns_of_a_known_phone_in_their_own_cells_only(community, leader, cell, told):
    phone = f"0300999{cell:04}"
    a_member(community, phone=phone, home=community.inside(cell))
    form = {"name": "", "phone": phone}
    page = leader.client.post(f"{community.pages}/arrivals/new", data=form)
    assert ("名册里已经有这个电话" in page.get_data(as_text=True)) is told
