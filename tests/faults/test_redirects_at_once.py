"""Many workers carry the same redirects at one moment, from both sides: each thing is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.errors import Conflict
from tenants.places.lookups import branch
from tenants.redirects.actions import accept, propose, release, withdraw
from tenants.redirects.lookups import leg
from tests.factories.arrivals import an_arrival
from tests.factories.counties import a_community, a_county, beside
from tests.factories.jobs import work_off
from workers.jobs.carry_redirect import one_wave

WORKERS, PEOPLE = 8, 5
UNLIMITED = (None, None, None)


@pytest.fixture
def here(app):
    return a_community(a_county(app), capacities=UNLIMITED)


@pytest.fixture
def there(here):
    return a_community(here.county, centre=beside(here), capacities=UNLIMITED)


def at_once(offices, redirect_ids, *others):
    """Eight workers, half of them from the other side, and whoever else acts meanwhile."""
    start = Barrier(WORKERS + len(others))

    def carry(office):
        start.wait(timeout=30)
        with office.app.app_context():
            while one_wave(office.scope, redirect_ids):
                pass

    def act(other):
        start.wait(timeout=30)
        other()

    with ThreadPoolExecutor(WORKERS + len(others)) as threads:
        workers = [threads.submit(carry, offices[n % len(offices)]) for n in range(WORKERS)]
        people = [threads.submit(act, other) for other in others]
        for each in workers + people:
            each.result()


def names(office) -> list[str]:
    with office.acting():
        found = text("SELECT name FROM member WHERE left_on IS NULL ORDER BY name")
        return list(db.session.execute(found).scalars())


def taken(community) -> int:
    with community.acting() as scope:
        return branch(scope, community.branches[0]).taken


def proposed(here, there) -> list:
    arrivals = [an_arrival(here, name=f"虚构党员{number}") for number in range(PEOPLE)]
    with here.acting() as scope:
        return [propose(scope, each, there.branches[0], "nearer") for each in arrivals]


def accepted(here, there) -> list:
    redirect_ids = proposed(here, there)
    at_once([here], redirect_ids)
    with there.acting() as scope:
        for each in redirect_ids:
            accept(scope, each)
    at_once([there, here], redirect_ids)
    return redirect_ids


def test_eight_workers_carry_everybody_over_once(here, there):
    redirect_ids = accepted(here, there)
    assert taken(there) == PEOPLE
    with here.acting() as scope:
        for each in redirect_ids:
            release(scope, each)
    at_once([here, there], redirect_ids)
    assert names(here) == []
    assert names(there) == [f"虚构党员{number}" for number in range(PEOPLE)]
    assert taken(there) == PEOPLE
    with there.acting() as scope:
        assert {leg(scope, each).state for each in redirect_ids} == {"done"}
        once = text("SELECT count(*) FROM arrival WHERE source = 'redirect'")
        assert db.session.execute(once).scalar_one() == PEOPLE
    work_off(here)
    work_off(there)
    assert len(names(there)) == PEOPLE


def test_taken_back_while_eight_workers_carry_it_over(here, there):
    """Whichever comes first: everybody is in one register, and a seat is taken for who came."""
    redirect_ids = accepted(here, there)
    with here.acting() as scope:
        for each in redirect_ids:
            release(scope, each)

    def take_back():
        for each in redirect_ids:
            try:
                with here.acting() as scope:
                    withdraw(scope, each)
            except Conflict:
                continue

    at_once([here, there], redirect_ids, take_back)
    at_once([here], redirect_ids)
    came = names(there)
    assert sorted(names(here) + came) == [f"虚构党员{number}" for number in range(PEOPLE)]
    assert taken(there) == len(came)
