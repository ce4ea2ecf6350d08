"""What the importer makes of the roster: the good rows in, the bad ones named, a wrong map refused."""

import pytest

from service.demo import WRITTEN
from service.demo.roster import BAD_ROWS, COMMUNITY, PEOPLE, inflow_roster
from tenants.members.roster_rows import CommunityFacts, UnusableRoster
from tenants.members.rosters import read_roster


@pytest.fixture
def facts(district):
    tenant = district.tenant(COMMUNITY)
    classes = frozenset(name for branch in tenant.branches for name in branch.classes)
    return CommunityFacts(tenant.name, tenant.boundary, classes)


def read(facts, system):
    return read_roster(inflow_roster(), "roster.csv", system=system, today=WRITTEN, community=facts)


def test_ten_go_in_and_two_are_rejected_each_for_its_one_reason(facts):
    rows = read(facts, "gcj02").rows
    assert len(rows) == PEOPLE
    rejected = {row.number: [fault.code for fault in row.faults] for row in rows if row.faults}
    assert rejected == {7: ["coordinates_swapped"], 11: ["date_impossible"]}
    assert set(rejected) == set(BAD_ROWS)
    accepted = [row for row in rows if row.status == "accepted"]
    assert len(accepted) == 10
    assert {row.kind for row in accepted} == {"inflow"}
    assert sum(row.branch_class == "企业" for row in accepted) == 2


def test_under_the_wrong_coordinate_system_nothing_goes_in(facts):
    with pytest.raises(UnusableRoster):
        read(facts, "wgs84")
