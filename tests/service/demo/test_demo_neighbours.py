"""The demo's redirects: one in each step, nobody in two registers, and not once more each start."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from service.demo.load import load
from service.demo.neighbours import pass_between
from tenants.people.door import scope_of_tenant
from tenants.redirects.lookups import legs
from tenants.scope import entered


@pytest.fixture(scope="module")
def demo(app):
    with app.app_context():
        load(date.today(), lambda _email: "unused", lambda _password: "unused", lambda *_: None)
        yield


def states(slug: str, side: str) -> Counter[str]:
    scope = scope_of_tenant(slug=slug)
    with entered(scope):
        both = [*legs(scope, side, still_open=True), *legs(scope, side, still_open=False)]
        return Counter(each.state for each in both)


def test_every_step_is_there_to_be_seen(demo):
    assert states("heyuan", "from") == {
        "proposed": 2,
        "accepted": 1,
        "correction": 1,
        "escalated": 1,
        "withdrawn": 1,
    }
    assert states("heyuan", "to") == {"proposed": 1, "accepted": 1}
    assert states("shuyuanli", "to") == {"accepted": 1, "passed_on": 1}
    assert states("taying", "to")["done"] == states("dengshi", "from")["done"] == 1
    assert states("yunting", "county") == {"escalated": 1}


def test_it_is_done_once(demo):
    scopes = {slug: scope_of_tenant(slug=slug) for slug in ("heyuan", "liuan")}
    assert pass_between(scopes) == []
