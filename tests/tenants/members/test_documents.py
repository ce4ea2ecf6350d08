"""Document numbers: which are right, kept sealed, found blind, told of when two have one."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.documents.actions import drop_document, keep_document
from tenants.members.documents.rules import fault_of, looks_like_one, masked, plain_number
from tenants.members.duplicates.lookups import pairs
from tenants.members.lookups import member_card, members
from tenants.members.resealing import begin_rotation, fields_behind, reseal_members
from tenants.organisations.sealing import seal_of
from tests.factories.members import a_member

# No place has the code 990000, so nobody has these numbers.
NUMBER, OTHER = "990000190001010016", "99000019000101018X"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("11010519491231002X", ""),  # the example of GB 11643-1999
        ("440524188001010014", ""),  # its other example
        (NUMBER, ""),
        (OTHER, ""),
        ("110105194912310021", "checksum"),
        ("11010519491231003X", "checksum"),
        ("110105149912310020", "checksum"),
        ("110105491231002", "old_form"),
        ("010105194912310020", "form"),
        ("1101051949123100", "form"),
        ("11010519491231002XX", "form"),
        ("X1010519491231002X", "form"),
        ("不详", "form"),
        ("", "form"),
        ("1.10105194912310E+17", "lost_digits"),
        ("110105194912310000", "lost_digits"),
    ],
)
def test_a_number_is_judged_by_its_check_sign_alone(number, fault):
    assert fault_of(number) == fault


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
    ],
)
def test_however_it_was_typed_it_has_one_form(typed):
    assert plain_number(typed) == "11010519491231002X"
    assert looks_like_one(typed)


def test_a_mask_shows_less_than_what_hotlines_ask_for():
    assert masked("11010519491231002X") == "****************2X"
    assert masked("") == ""


def test_a_number_is_sealed_for_its_row_and_found_blind(community):
    member_id = a_member(community, document=NUMBER)
    a_member(community, document=OTHER)
    with community.acting() as scope:
        [sealed] = db.session.execute(
            text("SELECT document_sealed FROM member WHERE id = :id"), {"id": member_id}
        ).one()
        assert NUMBER.encode() not in bytes(sealed)
        with pytest.raises(InvalidTag):
            seal_of(scope).open(bytes(sealed), member_id, "phone")
        assert [each.id for each in members(scope, words=NUMBER, phones=True)] == [member_id]
        assert members(scope, words=NUMBER) == []
        assert members(scope, words=NUMBER[:17], phones=True) == []
        assert member_card(scope, member_id).masked_document == "*" * 16 + NUMBER[-2:]


def test_a_neighbour_does_not_find_it_by_the_same_number(community, outsider):
    a_member(community, document=NUMBER)
    with outsider.office.acting() as scope:
        assert members(scope, words=NUMBER, phones=True) == []


def test_a_new_key_takes_it_along(community):
    member_id = a_member(community, document=NUMBER, phone="", address="")
    with community.acting() as scope:
        begin_rotation(scope)
        assert fields_behind(scope) == 1
        assert reseal_members(scope) == 1
        assert fields_behind(scope) == 0
        assert [each.id for each in members(scope, words=NUMBER, phones=True)] == [member_id]
        assert member_card(scope, member_id).masked_document.endswith(NUMBER[-2:])


def test_two_with_one_number_are_a_pair_and_the_strongest_sign(community):
    one = a_member(community, name="虚构甲", document=NUMBER)
    other = a_member(community, name="虚构乙", document=NUMBER)
    a_member(community, name="虚构丙", document=OTHER)
    a_member(community, name="虚构丁")
    with community.acting() as scope:
        [pair], total = pairs(scope)
    assert ({pair.first.id, pair.second.id}, pair.signs, total) == ({one, other}, ("document",), 1)


def test_keeping_one_says_whether_another_has_it(community):
    one, other = a_member(community), a_member(community)
    with community.acting() as scope:
        assert not keep_document(scope, one, 1, NUMBER)
        assert keep_document(scope, other, 1, f" {NUMBER[:6]} {NUMBER[6:]} ")
        drop_document(scope, other, 2)
        assert member_card(scope, other).masked_document == ""
        with pytest.raises(Conflict):
            keep_document(scope, other, 1, NUMBER)
        with pytest.raises(InvalidInput) as refused:
            keep_document(scope, other, 3, "110105194912310021")
    assert "110105" not in str(refused.value.sentence)


def test_nobody_keeps_one_for_a_neighbours_member(community, outsider):
    theirs = a_member(outsider.office)
    with community.acting() as scope, pytest.raises(NotFound):
        keep_document(scope, theirs, 1, NUMBER)
