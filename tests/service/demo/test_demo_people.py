"""People who do not exist, where they should be."""

import re
from collections import Counter

import shapely


def everybody(tenants):
    return [(tenant, member) for tenant in tenants for member in tenant.members]


def test_everybody_lives_in_their_cell_unless_they_live_outside(tenants):
    for tenant, member in everybody(tenants):
        if member.home is None:
            assert member.cell is None
            continue
        point = shapely.Point(member.home.lon, member.home.lat)
        if member.movement == "lives_outside":
            assert not tenant.boundary.intersects(point)
        else:
            cell = next(cell for cell in tenant.cells if cell.code == member.cell)
            assert cell.polygon.contains(point), member.key


def test_homes_known_to_the_building_are_building_points(demo):
    for county in demo:
        points = {(b.lon, b.lat) for tenant in county.tenants for b in tenant.buildings}
        homes = [m.home for _, m in everybody(county.tenants) if m.home]
        exact = [home for home in homes if home.precision == "building"]
        assert {(home.lon, home.lat) for home in exact} <= points
        assert 0.8 < len(exact) / len(homes) < 0.98
        assert {home.precision for home in homes} == {"building", "compound", "cell"}


def test_several_members_share_a_building(district):
    shared = Counter((m.home.lon, m.home.lat) for m in district.tenant("heyuan").members if m.home)
    assert 3 <= max(shared.values()) <= 9
    assert 1.5 < sum(shared.values()) / len(shared) < 4


def test_no_telephone_twice_and_none_that_could_be_rung(tenants):
    phones = [member.phone for _, member in everybody(tenants)]
    phones += [station.phone for tenant in tenants for station in tenant.stations]
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"03002\d{6}", phone) for phone in phones)


def test_keys_slugs_areas_and_addresses_to_sign_in_are_each_used_once(tenants):
    staff = [person for tenant in tenants for person in tenant.staff]
    for names in (
        [member.key for _, member in everybody(tenants)],
        [tenant.slug for tenant in tenants],
        [tenant.area for tenant in tenants],
        [person.email for person in staff],
    ):
        assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+\d@demo\.example", person.email) for person in staff)
    assert all(re.fullmatch(r"[a-z]+", tenant.slug) for tenant in tenants)


def test_every_tenant_has_somebody_who_signs_in(tenants):
    first = {
        "county": "county_admin",
        "township": "upper_officer",
        "community": "community_admin",
    }
    for tenant in tenants:
        assert tenant.staff[0].role == first[tenant.level]
        cells, branches = {c.code for c in tenant.cells}, {b.code for b in tenant.branches}
        for person in tenant.staff:
            assert set(person.cells) <= cells
            assert bool(person.cells) == (person.role == "grid_leader")
            assert (person.branch in branches) == (person.role == "branch_officer")


def test_what_members_point_to_exists(tenants):
    for tenant, member in everybody(tenants):
        assert member.branch in {None, *(branch.code for branch in tenant.branches)}
        assert member.group in {None, *(group.code for group in tenant.groups)}
        assert (member.branch is None) == (member.movement == "inflow")
        for fact in (member.since, member.reason, member.elsewhere):
            assert (fact is None) == (member.movement == "here")


def test_dates_are_as_exact_as_they_say(tenants):
    precisions = set()
    for _, member in everybody(tenants):
        for known in (member.born, member.joined):
            precisions.add(known.precision)
            assert (known.value is None) == (known.precision == "unknown")
            if known.precision in ("month", "year"):
                assert known.value.day == 1
            if known.precision == "year":
                assert known.value.month == 1
        if member.born.value and member.joined.value:
            assert member.joined.value.year - member.born.value.year >= 18
    assert precisions == {"day", "month", "year", "unknown"}


def test_names_come_from_short_lists_and_some_people_share_one(tenants):
    names = Counter(member.name for _, member in everybody(tenants))
    assert all(re.fullmatch(r"[一-鿿]{3}", name) for name in names)
    assert names.most_common(1)[0][1] >= 2
