"""A new key for a tenant: what can be read before, half-way and after (design, section 7)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.members.import_lookups import import_content
from tenants.members.imports import start_import
from tenants.members.lookups import known_people, member_card
from tenants.members.resealing import (
    SEALED_COLUMNS,
    begin_rotation,
    fields_behind,
    reseal_members,
    reseal_one_file,
)
from tenants.organisations.sealing import seal_of
from tests.factories.members import a_member

PHONES = tuple(f"1990001000{number}" for number in range(6))


@pytest.fixture
def people(community):
    return {phone: a_member(community, phone=phone, address=f"{phone}号") for phone in PHONES}


def stored(community):
    """(id, key of the phone, blind value, version) of every member."""
    with community.acting():
        rows = db.session.execute(
            text("SELECT id, substr(phone_sealed, 2, 16), phone_blind, version FROM member")
        )
        return {row[0]: (bytes(row[1]), bytes(row[2]), row[3]) for row in rows}


def readable(community, people) -> bool:
    """Whether every phone opens, is found by its blind value, and every address opens."""
    with community.acting() as scope:
        masked = {member_card(scope, id_).masked_phone for id_ in people.values()}
        rows = db.session.execute(text("SELECT id, address_sealed FROM member")).all()
        seal = seal_of(scope)
        addresses = {seal.open(bytes(sealed), id_, "address") for id_, sealed in rows}
        assert masked == {"*" * 7 + phone[-4:] for phone in people}
        assert addresses == {f"{phone}号" for phone in people}
        asked = [("", phone, None, "unknown") for phone in people]
        return known_people(scope, asked) == [True] * len(asked)


def test_values_are_readable_before_half_way_and_after(community, people):
    before = stored(community)
    assert readable(community, people)
    with community.acting() as scope:
        assert begin_rotation(scope)
    assert readable(community, people)
    with community.acting() as scope:
        assert reseal_members(scope, limit=3) == 3
        assert fields_behind(scope) == 3
    assert len({key for key, _blind, _version in stored(community).values()}) == 2
    assert readable(community, people)
    with community.acting() as scope:
        assert reseal_members(scope) == 3
        assert reseal_members(scope) == 0
    after = stored(community)
    assert readable(community, people)
    for id_, (key, blind, version) in before.items():
        assert after[id_][0] != key
        assert after[id_][1:] == (blind, version)


def test_whoever_was_stopped_half_way_goes_on_without_another_key(community, people):
    with community.acting() as scope:
        begin_rotation(scope)
        newest = seal_of(scope).key_id
    with community.acting() as scope:
        reseal_members(scope, limit=2)
        db.session.rollback()  # a batch that never committed
    with community.acting() as scope:
        assert fields_behind(scope) == 6
        reseal_members(scope, limit=4)
    with community.acting() as scope:
        assert not begin_rotation(scope)
        assert reseal_members(scope) == 2
        assert fields_behind(scope) == 0
        assert seal_of(scope).key_id == newest
    assert readable(community, people)


def test_a_waiting_roster_moves_too(community):
    with community.acting() as scope:
        import_id = start_import(scope, "名册.csv", "姓名\n甲\n".encode(), "wgs84")
    with community.acting() as scope:
        begin_rotation(scope)
        assert reseal_one_file(scope) == 1
        assert reseal_one_file(scope) == 0
        assert import_content(scope, import_id)[2] == "姓名\n甲\n".encode()


def test_a_neighbours_fields_stay_as_they_are(community, outsider, people):
    theirs = a_member(outsider.office)
    before = stored(outsider.office)[theirs]
    with community.acting() as scope:
        begin_rotation(scope)
        assert reseal_members(scope) == len(people)
    assert stored(outsider.office)[theirs] == before


def test_no_sealed_column_is_forgotten(community):
    with community.acting():
        columns = text(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name LIKE '%\\_sealed'"
        )
        assert {tuple(row) for row in db.session.execute(columns)} == SEALED_COLUMNS
