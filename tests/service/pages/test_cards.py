"""The cards of the map's sheet: fragments, for whom it may concern."""

from __future__ import annotations

import re

import pytest

from tests.factories.arrivals import a_proposed_arrival
from tests.factories.doors import a_door
from tests.factories.figures import counted
from tests.factories.members import a_member
from tests.service.pages.reading import HTMX, words


def card(person, layer, id_):
    return person.client.get(f"{person.office.pages}/cards/{layer}/{id_}", headers=HTMX)


@pytest.fixture
def things(community):
    arrival_id, _ = a_proposed_arrival(community, name="来者甲")
    return {
        "arrivals": arrival_id,
        "members": a_member(community, name="党员乙"),
        "branches": community.branches[0],
        "stations": community.station,
        "cells": community.cells[0],
        "boundary": community.slug,
    }


def test_each_card_is_a_fragment_with_one_heading(colleague, things):
    for layer, id_ in things.items():
        answer = card(colleague, layer, id_)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, layer
        assert len(re.findall("<h2", page)) == 1, layer
        assert "<html" not in page, layer
        assert str(id_) not in words(answer), layer


def test_an_arrivals_card_draws_the_line_that_its_words_speak_of(leader, community, things):
    page = card(leader, "arrivals", things["arrivals"]).get_data(as_text=True)
    assert 'data-straight-line data-from="' in page
    lon, lat = community.inside(1)
    assert f'data-from="{lon},{lat}"' in page
    assert "接受" in page


def test_where_somebody_lives_is_told_to_whoever_may_have_to_go_there(leader, community, things):
    _door, visitor = a_door(community)
    for layer in ("arrivals", "members"):
        assert "data-at" in card(leader, layer, things[layer]).text
        seen = card(visitor, layer, things[layer]).text
        assert "data-at" not in seen
        assert "data-from" not in seen


def test_a_cell_tells_counts_and_who_leads_it(leader, things):
    found = words(card(leader, "cells", things["cells"]))
    assert "我的网格" in found
    assert "住在这里的党员 2 位" in found
    assert "其中等待编入 1 位" in found


def test_a_leader_gets_no_card_of_another_cells_people(leader, community):
    member_id = a_member(community, home=community.inside(4))
    arrival_id, _ = a_proposed_arrival(community, home=community.inside(4))
    for layer, id_ in (("members", member_id), ("arrivals", arrival_id)):
        answer = card(leader, layer, id_)
        assert answer.status_code == 404
        assert "没有找到" in words(answer)


def test_an_office_above_gets_counts_of_a_community_and_no_people(county_admin, community, things):
    for _ in range(3):
        a_proposed_arrival(community)
    counted(community)
    found = words(card(county_admin, "boundary", community.slug))
    assert found.startswith("虚构社区")
    assert "等待编入 4" in found
    assert card(county_admin, "branches", things["branches"]).status_code == 200
    for layer in ("members", "arrivals"):
        assert card(county_admin, layer, things[layer]).status_code == 404


def test_places_of_the_county_are_known_to_a_neighbour_and_not_to_an_outsider(
    neighbour, outsider, things
):
    assert "虚构社区" in words(card(neighbour, "branches", things["branches"]))
    for layer, id_ in things.items():
        assert card(outsider, layer, id_).status_code == 404, layer
