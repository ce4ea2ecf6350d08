"""The demo's letters and liaisons: something near expiry, something lapsed, somebody without one."""

from __future__ import annotations

from datetime import date

import pytest

from service.demo import WRITTEN
from service.demo.load import load
from tenants.liaisons.loads import branch_liaisons
from tenants.liaisons.lookups import how_many
from tenants.oversight.lookups import own_line
from tenants.people.door import scope_of_tenant
from tenants.scope import entered
from tenants.transfers.lookups import letter_counts


@pytest.fixture(scope="module")
def today(app):
    """As the demo is started: it is loaded for today."""
    with app.app_context():
        load(date.today(), lambda _email: "unused", lambda _password: "unused", lambda *_: None)
        yield max(date.today(), WRITTEN)


@pytest.mark.parametrize("slug", ["heyuan", "jixi"])
def test_a_community_has_letters_and_liaisons_and_something_to_do(today, slug):
    scope = scope_of_tenant(slug=slug)
    with entered(scope):
        counts = letter_counts(scope, today)
        needed, lacking = how_many(scope, today)
        vacant = [each for each in branch_liaisons(scope, today) if each.line is None]
        line = own_line(scope, today)
    assert counts.near == counts.lapsed == 1
    assert counts.all > counts.open > 2
    assert 0 < lacking < needed
    assert line["letters_near_expiry"] == 1
    assert line["branches_without_liaison"] == len(vacant)
