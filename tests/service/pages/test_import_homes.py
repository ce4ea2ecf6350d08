"""A roster with addresses and no points: who is placed in a building, and who is left to a person."""

from __future__ import annotations

import pytest

from tests.factories.buildings import a_building, a_compound
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.service.pages.reading import words
from tests.service.pages.test_import_decisions import rows, sent

HEADER = "姓名,电话,住址,流动类型"
PHONES = [f"1990000{number:04}" for number in range(10)]


@pytest.fixture
def third(community):
    """清和小区3号楼."""
    return a_building(community, compound=a_compound(community))


def taken_in(colleague, community, *lines, **said):
    where = sent(colleague, community, *lines)
    shown = words(colleague.client.get(where))
    colleague.client.post(f"{where}/accept", data=said)
    work_off(community)
    return where, shown


def homes(community):
    return rows(
        community,
        "SELECT name, home_building_id, home_precision, residence, home_source ->> 'found_by'"
        " FROM member ORDER BY phone_blind IS NULL, name",
    )


def test_the_certain_are_placed_and_the_others_are_left_to_a_person(colleague, community, third):
    where, shown = taken_in(
        colleague,
        community,
        HEADER,
        f"甲某,{PHONES[1]},清和小区三栋2单元301,在册",
        f"乙某,{PHONES[2]},清和小区3幢502,流入",
        f"丙某,{PHONES[3]},清和小区9号楼,在册",
        f"丁某,{PHONES[4]},无此路1号,在册",
        f"戊某,{PHONES[5]},,在册",
        f"己某,{PHONES[6]},清和小区3号楼,外住",
    )
    assert "住址对得上一个小区或楼栋的 2 人" in shown
    assert "只认出小区的 1 人" in shown
    assert "没有对上楼栋登记的 1 人" in shown
    found = {name: tuple(rest) for name, *rest in homes(community)}
    assert found["甲某"] == found["乙某"] == (third, "building", "inside", "address")
    for name in ("丙某", "丁某", "戊某"):
        assert found[name] == (None, "unknown", "unknown", None)
    assert found["己某"] == (None, "unknown", "outside", None)
    assert "没有地点的人" in words(colleague.client.get(where))
    # Whoever is left comes up in the worklist, with the compound to choose.
    assert "丙某" in words(colleague.client.get(f"{community.pages}/homes"))
    colleague.client.post(f"{where}/undo")
    work_off(community)
    assert homes(community) == []


def test_a_compound_alone_is_as_far_as_it_is_known(colleague, community, third):
    taken_in(colleague, community, HEADER, f"甲某,{PHONES[1]},清和小区,在册")
    [(_name, building, precision, *_rest)] = homes(community)
    assert (building is not None, precision) == (True, "compound")


def test_two_buildings_of_one_name_are_a_question(colleague, community, third):
    a_building(community, "红楼", address="长宁街1号", east=40.0)
    a_building(community, "白楼", address="长宁街1号", east=60.0)
    _where, shown = taken_in(colleague, community, HEADER, f"甲某,{PHONES[1]},长宁街1号,在册")
    assert "只认出小区的 1 人" in shown
    assert homes(community) == [("甲某", None, "unknown", "unknown", None)]


def test_a_point_in_the_roster_goes_before_its_address(colleague, community, third):
    lon, lat = community.inside(2)
    lines = ("姓名,住址,经度,纬度", f"甲某,清和小区3号楼,{lon},{lat}")
    taken_in(colleague, community, *lines)
    assert homes(community) == [("甲某", None, "building", "inside", None)]


def test_known_people_without_a_place_get_one_and_lose_it_with_the_import(
    colleague, community, third
):
    a_member(community, name="张一", phone=PHONES[1], address="清和小区3号楼", home=None)
    a_member(community, name="张二", phone=PHONES[2], address="旧路1号", residence="inside")
    lines = (f"张一,{PHONES[1]},清和小区3号楼,在册", f"张二,{PHONES[2]},清和小区3号楼,在册")
    where, shown = taken_in(colleague, community, HEADER, *lines, changed="update")
    assert "资料有变化的 2 人" in shown
    found = {name: tuple(rest) for name, *rest in homes(community)}
    assert found["张一"] == (third, "building", "inside", "address")
    assert found["张二"][:2] == (None, "building")
    colleague.client.post(f"{where}/undo")
    work_off(community)
    found = {name: tuple(rest) for name, *rest in homes(community)}
    assert found["张一"] == (None, "unknown", "unknown", None)
