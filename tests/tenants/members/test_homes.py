"""A member's home by building: chosen by a person, kept exactly so, and undone."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.members.home_lookups import (
    home_candidates,
    home_card,
    how_many_unplaced,
    residents,
    unplaced,
)
from tenants.members.homes import settle_home, undo_home
from tenants.members.lookups import member_card
from tenants.members.records import Member
from tenants.members.revealing import reveal
from tenants.people.history import history
from tenants.places.buildings_actions import BuildingDraft, close_building, correct_building
from tenants.places.buildings_lookups import building
from tests.factories.buildings import a_building, a_compound
from tests.factories.members import a_member


@pytest.fixture
def compound(community):
    return a_compound(community)


@pytest.fixture
def third(community, compound):
    return a_building(community, compound=compound)


@pytest.fixture
def somebody(community):
    """Without a place; the address is written in the office's own way."""
    return a_member(community, name="张一", home=None, address="清和小區三棟2单元301")


def raw(scope, member_id):
    return db.session.execute(select(Member).where(Member.id == member_id)).scalar_one()


def test_a_home_becomes_the_buildings_point_with_its_precision(
    community, compound, third, somebody
):
    for chosen, precision in ((third, "building"), (compound, "compound")):
        with community.acting() as scope:
            settle_home(scope, somebody, chosen, home_card(scope, somebody).version)
            card = member_card(scope, somebody)
            there = building(scope, chosen)
            assert card.home == pytest.approx((there.lon, there.lat))
            assert card.home_precision == precision
            assert raw(scope, somebody).home_building_id == chosen
            assert card.residence == "inside"
    with community.acting() as scope:
        acts = [each.act for each in history(scope, "member", somebody)]
        assert acts.count("settle_home") == 2


def test_undoing_brings_back_what_was_known(community, third, somebody):
    with community.acting() as scope:
        settle_home(scope, somebody, third, 1)
        assert home_card(scope, somebody).can_undo
        undo_home(scope, somebody, 2)
        card = home_card(scope, somebody)
        assert (card.precision, card.building_id, card.can_undo) == ("unknown", None, False)
        assert member_card(scope, somebody).home is None
        assert member_card(scope, somebody).residence == "unknown"
        with pytest.raises(Conflict):
            undo_home(scope, somebody, 3)


def test_a_typed_place_comes_back_with_its_raw_numbers(community, third):
    member_id = a_member(community, residence="outside")
    with community.acting() as scope:
        before = raw(scope, member_id).home_source
        settle_home(scope, member_id, third, 1)
        settle_home(scope, member_id, third, 2)
        undo_home(scope, member_id, 3)
        assert raw(scope, member_id).home_building_id == third
        assert not home_card(scope, member_id).can_undo
        assert member_card(scope, member_id).residence == "outside"
    other = a_member(community)
    with community.acting() as scope:
        before, home = raw(scope, other).home_source, member_card(scope, other).home
        settle_home(scope, other, third, 1)
        undo_home(scope, other, 2)
        assert raw(scope, other).home_source == before
        assert member_card(scope, other).home == pytest.approx(home)
        assert before["system"] == "wgs84"


def test_an_address_is_sealed_where_none_was_and_never_replaced(community, third, somebody):
    without = a_member(community, home=None, address="")
    with community.acting() as scope:
        settle_home(scope, without, third, 1, address="清和小区3号楼1单元101")
        assert reveal(scope, without, "address", "check") == "清和小区3号楼1单元101"
        undo_home(scope, without, 2)
        with pytest.raises(NotFound):
            reveal(scope, without, "address", "check")
        settle_home(scope, somebody, third, 1, address="别处")
        assert reveal(scope, somebody, "address", "check") == "清和小區三棟2单元301"


def test_who_changed_it_first_wins_and_a_closed_building_takes_nobody(community, third, somebody):
    with community.acting() as scope:
        with pytest.raises(Conflict):
            settle_home(scope, somebody, third, 7)
        with pytest.raises(NotFound):
            settle_home(scope, somebody, uuid4(), 1)
        with pytest.raises(NotFound):
            settle_home(scope, uuid4(), third, 1)
        close_building(scope, third, 1, date(2026, 11, 22))
        with pytest.raises(Conflict):
            settle_home(scope, somebody, third, 1)


def test_moving_and_closing_a_building_change_no_home_and_list_who_is_touched(
    community, compound, third, somebody
):
    with community.acting() as scope:
        settle_home(scope, somebody, third, 1)
        home = member_card(scope, somebody).home
        [resident] = residents(scope, [third])
        assert not resident.elsewhere
        seen = building(scope, third)
        there = BuildingDraft("building", "3号楼", *community.inside(2), compound_id=compound)
        assert correct_building(scope, third, there, seen.version)
        assert member_card(scope, somebody).home == home
        [resident] = residents(scope, [third])
        assert resident.elsewhere
        assert 100 < resident.metres < 1000
        close_building(scope, third, seen.version + 1, date(2026, 11, 22))
        assert home_card(scope, somebody).building == "清和小区3号楼"
        assert member_card(scope, somebody).home == home


def test_the_sealed_address_proposes_and_stays_sealed(community, third, somebody):
    without = a_member(community, home=None, address="")
    with community.acting() as scope:
        found, one = home_candidates(scope, somebody)
        assert one.known.id == third
        assert home_candidates(scope, without) == ([], None)
        assert [each.reason for each in found] == ["full"]


def test_the_unplaced_come_one_after_another(community, leader, third, somebody):
    other = a_member(community, home=None)
    a_member(community, home=None, residence="outside")
    a_member(community)
    with community.acting() as scope:
        assert how_many_unplaced(scope) == 2
        [first] = unplaced(scope)
        assert first.id == somebody
        [second] = unplaced(scope, after=somebody)
        assert second.id == other
        assert unplaced(scope, after=other) == []
        settle_home(scope, somebody, third, 1)
        assert unplaced(scope)[0].id == other
    with leader.acting() as scope:
        assert how_many_unplaced(scope) == 0
        with pytest.raises(NotFound):
            home_card(scope, other)
