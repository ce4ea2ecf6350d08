"""The figures of the sources, exactly; where they do not add up, both stand side by side."""

from collections import Counter

import pytest

from service.demo import WRITTEN
from service.demo.four_branches import age_on


def movements(*tenants):
    return Counter(member.movement for tenant in tenants for member in tenant.members)


def reported(tenant):
    return {figure.key: (figure.value, figure.computed) for figure in tenant.reported}


def test_ten_grids_hold_147_members_in_ten_groups(district):
    tenant = district.tenant("heyuan")
    sizes = Counter(member.group for member in tenant.members)
    assert len(tenant.members) == 147
    assert sorted(sizes.values()) == [14] * 3 + [15] * 7
    assert [group.cells for group in tenant.groups] == [(cell.code,) for cell in tenant.cells]
    assert set(sizes) == {group.code for group in tenant.groups}
    assert movements(tenant) == {"here": 121, "outflow": 12, "inflow": 14}
    assert reported(tenant) == {
        "members.total": (147, 147),
        "groups.total": (10, 10),
        "cells.total": (10, 10),
    }


def test_everybody_of_the_ten_grids_is_in_the_group_of_the_grid_they_live_in(district):
    tenant = district.tenant("heyuan")
    cell_of = {group.code: group.cells[0] for group in tenant.groups}
    for member in tenant.members:
        assert member.cell in (None, cell_of[member.group])


def test_the_ten_grid_community_has_other_branches_and_rooms_beside_its_own(district):
    tenant = district.tenant("heyuan")
    kinds = Counter(branch.kind for branch in tenant.branches)
    assert kinds == dict.fromkeys(
        ("general", "members_home", "enterprise", "temporary", "mobile"), 1
    )
    assert {"党建办公室", "党团活动室"} <= {station.name for station in tenant.stations}


def test_four_grids_hold_33_of_their_own_4_in_and_9_out_in_2479_households(district):
    tenant = district.tenant("jixi")
    own = [member for member in tenant.members if member.branch]
    assert len(own) == 33
    assert movements(tenant) == {"here": 24, "outflow": 9, "inflow": 4}
    assert sum(building.households for building in tenant.buildings) == 2479
    assert all(building.households > 0 for building in tenant.buildings)
    assert len(tenant.cells) == len(tenant.groups) == 4
    leaders = [person for person in tenant.staff if person.role == "grid_leader"]
    assert sorted(person.cells for person in leaders) == [(cell.code,) for cell in tenant.cells]
    figures = reported(tenant)
    assert figures["households.total"] == (2479, 2479)
    assert figures["population.total"] == (8399, None)
    assert figures["members.affiliated"] == (33, 33)
    assert figures["mobility.in"] == (4, 4)
    assert figures["mobility.out"] == (9, 9)
    assert figures["members.present"] == (None, 33 - 9 + 4)


def test_four_branches_hold_137_members_of_whom_54_live_outside(district):
    tenant = district.tenant("laohuai")
    assert movements(tenant) == {"here": 83, "lives_outside": 54}
    assert {member.branch for member in tenant.members} == {b.code for b in tenant.branches}
    assert len(tenant.branches) == 4


def test_the_age_bands_add_up_to_135_of_137_and_nobody_is_called_retired(district):
    tenant = district.tenant("laohuai")
    ages = [age_on(member, WRITTEN) for member in tenant.members]
    known = [age for age in ages if age is not None]
    assert sum(age < 50 for age in known) == 28
    assert sum(50 <= age < 60 for age in known) == 20
    assert sum(age >= 60 for age in known) == 87
    assert ages.count(None) == 2
    figures = reported(tenant)
    assert figures["members.age_known"] == (135, 135)
    assert figures["members.total"] == (137, 137)
    assert figures["members.retired"] == (85, None)
    assert figures["households.center"] == (None, None)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028, 2029, 2030])
def test_the_age_bands_hold_for_years(district, year):
    tenant = district.tenant("laohuai")
    ages = [age_on(member, WRITTEN.replace(year=year)) for member in tenant.members]
    bands = Counter("?" if age is None else max(4, min(6, age // 10)) for age in ages)
    assert bands == {4: 28, 5: 20, 6: 87, "?": 2}


def test_the_pasture_county_has_91_in_and_24_out_over_its_communities(pasture):
    counted = movements(*pasture.at("community"))
    assert counted["inflow"] == 91
    assert counted["outflow"] == 24
    figures = reported(pasture.tenants[0])
    assert figures["mobility.in"] == (91, 91)
    assert figures["mobility.out"] == (24, 24)
    assert figures["mobility.growth_percent"] == (158, None)
    assert figures["mobility.percent_of_previous"] == (158, 158)


def test_the_pasture_county_has_nine_township_and_two_enterprise_stations(pasture):
    stations = [station for tenant in pasture.tenants for station in tenant.stations]
    keepers = Counter(s.keeper for s in stations if s.kind == "service_station")
    assert keepers == {"township": 9, "enterprise": 2}
    assert [s.keeper for s in stations if s.kind == "service_center"] == ["county"]
    for township in pasture.at("township"):
        assert [station.kind for station in township.stations] == ["service_station"]


def test_herders_are_away_for_the_season(pasture):
    herders = [m for t in pasture.tenants for m in t.members if m.reason == "seasonal_herding"]
    assert len(herders) == 12
    assert {member.movement for member in herders} == {"outflow"}
    assert {member.season for member in herders} == {(11, 3)}
    assert {member.since for member in herders} == {WRITTEN.replace(month=11, day=1)}
