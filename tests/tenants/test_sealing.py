"""Sealed fields: who can open them, and what moving or changing one does (design, section 7)."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from tenants.database import db, new_id
from tenants.organisations.sealing import seal_of
from tests.factories.members import a_member

PHONE = "19900001234"


@pytest.fixture
def seal(community):
    with community.acting() as scope:
        return seal_of(scope)


@pytest.mark.parametrize("text", ["", PHONE, "虚构路1号", "𠮷野家", "x" * 5000])
def test_what_was_sealed_comes_back(seal, text):
    row = new_id()
    assert seal.open(seal.close(text, row, "address"), row, "address") == text


def test_the_same_text_is_sealed_differently_each_time(seal):
    row = new_id()
    assert seal.close(PHONE, row, "phone") != seal.close(PHONE, row, "phone")
    assert PHONE.encode() not in seal.close(PHONE, row, "phone")


def test_a_sealed_value_cannot_be_moved_to_another_row(seal):
    with pytest.raises(InvalidTag):
        seal.open(seal.close(PHONE, new_id(), "phone"), new_id(), "phone")


def test_a_sealed_value_cannot_be_moved_to_another_field(seal):
    row = new_id()
    with pytest.raises(InvalidTag):
        seal.open(seal.close(PHONE, row, "phone"), row, "address")


def test_a_sealed_value_cannot_be_moved_to_another_tenant(seal, outsider):
    row = new_id()
    with outsider.acting() as scope:
        theirs = seal_of(scope)
    with pytest.raises(InvalidTag):
        theirs.open(seal.close(PHONE, row, "phone"), row, "phone")


@pytest.mark.parametrize("at", [17, 30, -1])
def test_a_changed_byte_is_noticed(seal, at):
    row = new_id()
    sealed = bytearray(seal.close(PHONE, row, "phone"))
    sealed[at] ^= 1
    with pytest.raises(InvalidTag):
        seal.open(bytes(sealed), row, "phone")


def test_the_blind_value_finds_equals_within_a_tenant_only(seal, outsider):
    with outsider.acting() as scope:
        theirs = seal_of(scope)
    assert seal.blind(PHONE) == seal.blind(PHONE)
    assert seal.blind(PHONE) != seal.blind("19900001235")
    assert seal.blind(PHONE) != theirs.blind(PHONE)


def test_the_tenants_key_is_made_once(community, seal):
    with community.acting() as scope:
        again = seal_of(scope)
    assert (again.key_id, again.key) == (seal.key_id, seal.key)


def test_the_table_holds_neither_phone_nor_address(community):
    member_id = a_member(community, phone=PHONE, address="虚构路99号")
    with community.acting():
        words = text("SELECT to_jsonb(m)::text FROM member m WHERE id = :id")
        row = db.session.execute(words, {"id": member_id}).scalar_one()
    hidden = [PHONE, PHONE.encode().hex(), "虚构路99号", "虚构路99号".encode().hex()]
    assert not [word for word in hidden if word in row]
