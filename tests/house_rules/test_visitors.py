"""Every route, asked by whoever came through a door from above: to read, and nothing else."""

from __future__ import annotations

import pytest

from service.front_door import right_of
from service.rights import READS_ONLY, REASONED, ROLES, allows
from tenants.oversight.doors import VISITOR, end_door
from tests.factories.counties import a_community, a_county, beside
from tests.factories.doors import a_door
from tests.factories.things import one_of_everything
from tests.house_rules.test_routes import ask, is_not_found
from tests.house_rules.url_map import ways

TENANT_WAYS = ways(of_tenants=True)


@pytest.fixture(scope="module")
def home(app):
    return a_community(a_county(app))


@pytest.fixture(scope="module")
def things(home):
    return one_of_everything(home)


@pytest.fixture(scope="module")
def visitor(home):
    """Inside the community, with an open door."""
    return a_door(home)[1]


@pytest.fixture(scope="module")
def late(home):
    """Whose door was closed again."""
    door_id, visitor = a_door(home)
    with visitor.acting() as scope:
        end_door(scope, door_id)
    return visitor


def test_the_role_only_reads():
    assert VISITOR in READS_ONLY
    assert not {right for right in ROLES[VISITOR] if "export" in right or "manage" in right}


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_a_visitor_reads_and_changes_nothing(app, visitor, things, method, endpoint, address):
    with app.app_context():
        right = right_of(endpoint)
    if method == "OPTIONS" or (method == "POST" and right in REASONED):
        return
    answer = ask(visitor.client, method, address, things)
    if not allows(VISITOR, right) or method == "POST":
        assert is_not_found(answer, address)


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_a_closed_door_is_no_door(late, things, method, endpoint, address):
    assert is_not_found(ask(late.client, method, address, things), address)


@pytest.mark.parametrize(("method", "endpoint", "address"), TENANT_WAYS)
def test_a_door_leads_into_one_community_only(home, visitor, method, endpoint, address):
    next_door = _next_door(home)
    assert is_not_found(ask(visitor.client, method, address, next_door), address)


_doors: dict[int, dict] = {}


def _next_door(home):
    if home.tenant_id not in _doors:
        _doors[home.tenant_id] = one_of_everything(a_community(home.county, centre=beside(home)))
    return _doors[home.tenant_id]
