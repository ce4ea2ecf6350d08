"""How often one person may ask, and that nobody becomes another by what they send along."""

from __future__ import annotations

import pytest

from tests.factories.members import a_member

NUMBER = "11010519491231002X"  # the example of GB 11643-1999


def tried(ask, times):
    """The statuses of so many numbers, each another one, in one search box."""
    return [ask(f"139000{turn:05}") for turn in range(times)]


def by_page(person, **further):
    where = f"{person.office.pages}/members/search"
    return lambda words: person.client.post(where, data={"words": words}, **further).status_code


def by_departure(person, **further):
    where = f"{person.office.pages}/movements/whom"
    return lambda words: person.client.post(where, data={"words": words}, **further).status_code


def by_program(person, **further):
    where = f"{person.office.api}/search"
    return lambda words: person.program.post(where, json={"words": words}, **further).status_code


@pytest.mark.parametrize("box", [by_page, by_departure, by_program])
def test_whoever_tries_out_numbers_is_slowed_down_and_names_are_still_found(officer, box):
    statuses = tried(box(officer), 61)
    assert statuses == [200] * 60 + [429]
    assert box(officer)("张") in (200, 303)


def test_a_header_that_the_door_passes_over_makes_nobody_new(officer):
    tried(by_page(officer), 60)
    for header in ("Basic bm9ib2R5", "Bearer anything"):
        ask = by_page(officer, headers={"Authorization": header})
        assert ask("13900099999") == 429


def test_a_token_is_the_same_however_its_kind_is_spelt(officer):
    tried(by_program(officer), 60)
    where = f"{officer.office.api}/search"
    spelt = {"Authorization": f"bEARER {officer.token}"}
    answer = officer.client.post(where, json={"words": "13900099999"}, headers=spelt)
    assert answer.status_code == 429


def test_only_who_may_be_shown_a_document_number_finds_by_one(
    colleague, leader, officer, community
):
    member_id = a_member(community, document=NUMBER, branch_id=community.branches[0])
    for person, found in ((colleague, True), (leader, False), (officer, False)):
        page = person.client.post(f"{community.pages}/members/search", data={"words": NUMBER})
        people = person.program.post(f"{community.api}/search", json={"words": NUMBER}).json
        assert (str(member_id) in page.text) is found
        assert bool(people["people"]) is found
    card = officer.client.get(f"{community.pages}/members/{member_id}").text
    assert NUMBER[-2:] not in card.partition("谁看过")[0].partition("证件号码")[2][:80]
