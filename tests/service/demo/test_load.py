"""The demo as records: counts are exact, a second load adds nothing, nobody below is named above."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from service.demo import WRITTEN
from service.demo.load import load
from tenants.database import db
from tenants.grid.drafts.lookups import draft_cells, drafts, judged
from tenants.members.lookups import members
from tenants.members.records import Member
from tenants.organisations.lookups import reported_figures
from tenants.oversight.lookups import tenants_below
from tenants.people.door import person_by_email, scope_of_tenant, standings_of
from tenants.places.buildings_lookups import buildings
from tenants.places.lookups import branches, directory
from tenants.scope import entered


@pytest.fixture(scope="module")
def demo(app):
    """The demo loaded once; passwords are not hashed here, nobody signs in."""
    with app.app_context():
        load(WRITTEN, lambda _email: "unused", lambda _password: "unused", lambda *_: None)
        yield


def counts(slug):
    """The figures of each tenant below, whatever an office above would be shown of them."""
    scope = scope_of_tenant(slug=slug)
    with entered(scope):
        return {below.slug: below for below in tenants_below(scope, date.today())}


@pytest.mark.parametrize(
    "slug, affiliated, outside, outflow, inflow",
    [
        ("heyuan", 133, 0, 12, 14),
        ("jixi", 33, 0, 9, 4),
        ("laohuai", 137, 54, 0, 0),
    ],
    ids=["ten cells: 133 + 14 = 147", "four cells: 33, 9 out, 4 in", "137, 54 live outside"],
)
def test_the_communities_of_the_urban_district(demo, slug, affiliated, outside, outflow, inflow):
    found = counts("yunting")[slug]
    names = ("affiliated", "outside", "outflow", "inflow")
    assert tuple(found[name] for name in names) == (
        affiliated,
        outside,
        outflow,
        inflow,
    )


def test_a_draft_of_the_ten_cells_waits_to_be_looked_at(demo):
    with entered(scope_of_tenant(slug="heyuan")) as scope:
        [begun] = drafts(scope)
        assert begun.state == "draft"
        assert judged(scope, begun.id).acceptable
        assert sorted(cell.differs for cell in draft_cells(scope, begun.id))[:2] == [
            "changed",
            "new",
        ]


def test_the_rural_county_has_91_in_and_24_out(demo):
    below = counts("lanchuan").values()
    assert sum(tenant["inflow"] or 0 for tenant in below) == 91
    assert sum(tenant["outflow"] or 0 for tenant in below) == 24


def test_the_rural_county_has_nine_township_and_two_enterprise_stations(demo):
    county = scope_of_tenant(slug="lanchuan")
    with entered(county):
        _branches, stations = directory(county)
        kinds = Counter(station.kind for station in stations)
    assert kinds["service_station"] == 9 + 2
    assert kinds["service_center"] == 1


def test_a_second_load_adds_nothing(demo):
    before = counts("yunting")
    again = load(date(2027, 1, 1), lambda _email: "", lambda _password: "", lambda *_: None)
    assert again == []
    assert counts("yunting") == before


def test_seats_never_exceed_what_a_branch_has(demo):
    scope = scope_of_tenant(slug="heyuan")
    with entered(scope):
        for branch in branches(scope):
            assert branch.capacity is None or branch.taken <= branch.capacity


def test_figures_that_do_not_add_up_stand_beside_the_register(demo):
    scope = scope_of_tenant(slug="laohuai")
    with entered(scope):
        values = {figure.value for figure in reported_figures(scope)}
    assert {"28", "20", "87"} <= values


def test_a_grid_leader_of_the_demo_sees_fewer_people_than_the_community(demo):
    person = person_by_email("heyuan.wangge1@demo.example")
    leader = next(iter(standings_of(person.id)))
    with entered(leader):
        seen = {line.id for line in members(leader, limit=500)}
    community = scope_of_tenant(slug="heyuan")
    with entered(community):
        everybody = {line.id for line in members(community, limit=500)}
    assert seen < everybody
    assert len(everybody) == 147


def test_homes_stand_in_the_register_of_buildings(demo):
    scope = scope_of_tenant(slug="heyuan")
    with entered(scope):
        known = {each.id: each for each in buildings(scope, limit=1000)}
        rows = db.session.execute(
            select(Member.home_building_id, Member.home_precision).where(
                Member.home_precision.in_(("building", "compound")), Member.residence == "inside"
            )
        ).all()
    assert {each.kind for each in known.values()} == {"compound", "building"}
    assert len(rows) > 50
    for building_id, precision in rows:
        assert known[building_id].kind == precision
