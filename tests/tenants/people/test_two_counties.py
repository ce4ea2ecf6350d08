"""Nobody leads cells in two counties, by whatever way a standing comes, nor at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from threading import Barrier

import pytest

from tenants.errors import Conflict
from tenants.people.actions import give_standing
from tenants.people.door import enter_person, standings_of
from tests.factories.counties import a_community, a_county
from tests.factories.people import a_leader


@pytest.fixture
def abroad(app):
    return a_community(a_county(app))


def leads(community, person_id):
    with community.acting() as scope:
        cell = community.cells[1]
        return give_standing(scope, person_id, "虚构网格长", "grid_leader", cell_id=cell)


def test_a_leader_of_another_county_is_refused_with_a_sentence(community, abroad):
    person_id = a_leader(abroad).person_id
    with pytest.raises(Conflict) as refused:
        leads(community, person_id)
    assert "另一个县" in refused.value.sentence
    leads(abroad, person_id)
    with community.acting() as scope:
        give_standing(scope, person_id, "虚构主任", "community_admin")


def test_of_two_counties_at_one_moment_one_is_told(app, community, abroad):
    with app.app_context():
        person_id = enter_person(f"leader-{token_hex(6)}@example.invalid", "虚构网格长", "-")
    both = Barrier(2)

    def one(where):
        both.wait(timeout=20)
        try:
            leads(where, person_id)
        except Conflict:
            return "told"
        return "leads"

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(one, (community, abroad)))
    assert sorted(answers) == ["leads", "told"]
    with app.app_context():
        assert len(standings_of(person_id)) == 1
