"""The demo's visits: each leader finds a day with something to do, and a past to it."""

from __future__ import annotations

from datetime import date

import pytest

from service.demo import WRITTEN
from service.demo.load import load
from tenants.certificates.lookups import counts_by_state
from tenants.people.door import scope_of_tenant
from tenants.scope import entered
from tenants.visits.requests import requests
from tenants.visits.worklist import worklist


@pytest.fixture(scope="module")
def demo(app):
    with app.app_context():
        load(WRITTEN, lambda _email: "unused", lambda _password: "unused", lambda *_: None)
        yield


@pytest.mark.parametrize("slug", ["heyuan", "jixi"])
def test_today_has_people_to_call_on_and_wishes_to_help_with(demo, slug):
    scope = scope_of_tenant(slug=slug)
    with entered(scope):
        found = worklist(scope, date.today(), with_talks=True)
        kinds = {due.kind for line in found.lines for due in line.dues}
        assert {"contact", "first_contact"} <= kinds
        assert any(line.last_on for line in found.lines)
        assert requests(scope)
        assert any(talk.place and talk.attempts for talk in found.talks)
        assert {"issued", "held", "returned"} <= counts_by_state(scope).keys()
