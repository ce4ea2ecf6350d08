"""Which building an address as offices write it may mean: tables of cases."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tenants.places.addresses import AddressBook, Known, the_one
from tenants.places.spelling import normal_name


def compound(name: str, address: str = "") -> Known:
    return Known(uuid4(), "compound", name, normal_name(name), address)


def building(name: str, inside: Known | None = None, address: str = "") -> Known:
    return Known(
        uuid4(),
        "building",
        name,
        normal_name(name),
        address,
        inside.id if inside else None,
        inside.name if inside else "",
    )


QINGHE = compound("清和小区", "幸福路12号")
NEW_QINGHE = compound("新清和小区")
TINGYU = compound("听雨家园")
FARM = compound("松涛定居点")
BOOK = [
    QINGHE,
    NEW_QINGHE,
    TINGYU,
    FARM,
    *(building(f"{number}号楼", QINGHE) for number in (1, 2, 3, 13)),
    building("综合楼", QINGHE),
    building("3栋", NEW_QINGHE),
    building("3号楼", TINGYU, "长宁街5号"),
    building("8号楼", TINGYU),
    building("3号", FARM),
    building("供销社家属楼"),
    building("老粮库", address="长宁街77号"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("清和小区三栋2单元301", [("清和小区3号楼", "full")]),
        ("虚构市虚构区虚构镇虚构社区清和小区3号楼", [("清和小区3号楼", "full")]),
        ("新清和小区3号楼", [("新清和小区3栋", "full")]),
        ("清和小区综合楼二楼", [("清和小区综合楼", "full")]),
        ("清和小区13号楼", [("清和小区13号楼", "full")]),
        ("清和小区", [("清和小区", "full")]),
        ("幸福路12号3号楼", [("清和小区3号楼", "address")]),
        ("长宁街5号", [("听雨家园3号楼", "address")]),
        ("长宁街七十七号301室", [("老粮库", "address")]),
        ("供销社家属楼2单元", [("供销社家属楼", "full")]),
        ("听雨8号楼", [("听雨家园8号楼", "short")]),
        ("听雨家园二期8号楼", [("听雨家园8号楼", "short")]),
        ("清和小区3号", [("清和小区3号楼", "loose")]),
        ("松涛定居点3号", [("松涛定居点3号", "full")]),
        ("松涛定居点3号楼", [("松涛定居点3号", "loose")]),
        ("清和小区99号楼", [("清和小区", "compound")]),
        ("清合小区3号楼", [("清和小区3号楼", "similar")]),
        ("虚构社区13号楼", [("清和小区13号楼", "number")]),
        ("13号楼", [("清和小区13号楼", "number")]),
        ("综合", [("清和小区综合楼", "part")]),
        ("火星路1号楼", []),
        ("", []),
    ],
)
def test_what_an_address_may_mean_and_why(text, expected):
    found = AddressBook(BOOK, here=("虚构社区",)).candidates(text)
    assert [(each.known.title, each.reason) for each in found][: len(expected) or 1] == expected


def test_a_number_alone_offers_every_compounds_and_none_is_chosen():
    found = AddressBook(BOOK).candidates("三号楼")
    assert [each.known.title for each in found] == [
        "听雨家园3号楼",
        "新清和小区3栋",
        "松涛定居点3号",
        "清和小区3号楼",
    ]
    assert {each.reason for each in found} == {"number"}
    assert the_one(found) is None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("清和小区三栋2单元301", "清和小区3号楼"),
        ("听雨8号楼", None),
        ("清和小区3号", None),
        ("清和小区99号楼", None),
        ("清合小区3号楼", None),
        ("3号楼", None),
        ("听雨家园", "听雨家园"),
    ],
)
def test_only_a_certain_and_only_one_is_proposed(text, chosen):
    found, _any = AddressBook(BOOK).meant(text)
    assert (found and found.title) == chosen


def test_two_of_one_name_leave_the_choice_to_a_person():
    twins = [compound("清和小区"), compound("清和小区")]
    book = [*twins, *(building("3号楼", each) for each in twins)]
    found = AddressBook(book).candidates("清和小区3号楼")
    assert [each.reason for each in found] == ["full", "full"]
    assert the_one(found) is None


STRANGE = ("(" * 500, "号" * 500, "一" * 300 + "号楼", "3-" * 300, "A" * 2000)


@pytest.mark.parametrize("text", STRANGE)
def test_strange_texts_are_looked_up_quickly_and_to_the_end(text):
    assert isinstance(AddressBook(BOOK).candidates(text), list)
