"""The application over the environment's migrated database, and the fixed cast.

`./run test` provides the environment. Each test opens its own fictitious county; nothing is
rolled back or cleaned up, because row-level security keeps one test from seeing another.
"""

from __future__ import annotations

from collections.abc import Iterator
from os import environ

import pytest
from flask import Flask

from service.app import create_app
from service.settings import NEEDED, read
from tenants.database import db
from tests.factories.counties import Community, County, a_community, a_county, beside
from tests.factories.people import Browser, Cast, a_browser, a_leader, a_person, an_officer


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    """The web application. Every test that uses the database asks for it, or for the cast."""
    missing = [name for name in NEEDED["web"] if not environ.get(name)]
    if missing:
        pytest.fail(f"no database: start the tests with ./run test ({', '.join(missing)})")
    app = create_app(read(environ, "web"))
    app.testing = True
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def anonymous(app: Flask) -> Browser:
    """A browser with nobody signed in."""
    return a_browser(app)


@pytest.fixture
def county(app: Flask) -> County:
    """A county of this test's own."""
    return a_county(app)


@pytest.fixture
def community(county: County) -> Community:
    """Its community: four cells, three branches, a station."""
    return a_community(county)


@pytest.fixture
def leader(community: Community) -> Cast:
    """Leads cell 1 of the community."""
    return a_leader(community)


@pytest.fixture
def colleague(community: Community) -> Cast:
    """Administers the same community."""
    return a_person(community, "community_admin", name="管理员丙")


@pytest.fixture
def officer(community: Community) -> Cast:
    """Officer of the community's first branch."""
    return an_officer(community)


@pytest.fixture
def neighbour(community: Community) -> Cast:
    """Administers the community next door, in the same county."""
    next_door = a_community(community.county, name="邻社区", centre=beside(community))
    return a_person(next_door, "community_admin", name="邻社区丁")


@pytest.fixture
def outsider(app: Flask) -> Cast:
    """Administers a community of another county that was drawn over the very same ground."""
    return a_person(a_community(a_county(app, "外县")), "community_admin", name="外人戊")


@pytest.fixture
def county_admin(county: County) -> Cast:
    """Sits in the county's office."""
    return a_person(county, "county_admin", name="县干部己")


@pytest.fixture
def township_officer(county: County) -> Cast:
    """Sits in the township's office."""
    return a_person(county.township, "upper_officer", name="镇干部庚")
