"""The cast stands where the tests believe it stands."""

from __future__ import annotations

from tests.factories.arrivals import a_proposed_arrival


def test_an_arrival_in_cell_one_is_proposed_the_branch_in_cell_one(community):
    _, proposal = a_proposed_arrival(community, home=community.inside(1, east=30))
    assert proposal.branch_id == community.branches[0]
    assert 29 < proposal.metres < 31
