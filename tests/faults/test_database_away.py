"""The database restarts: people are told in a sentence, and everything goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.factories.counties import a_community, a_county
from tests.factories.people import Cast, a_browser, a_person
from tests.faults.conftest import Site

SENTENCE = "系统暂时连不上数据库。请稍后再试,没有东西丢失。"


@pytest.fixture
def admin(site: Site) -> Cast:
    """Signed in, with open connections."""
    admin = a_person(a_community(a_county(site.app)), "community_admin")
    assert admin.client.get(f"{admin.office.pages}/map").status_code == 200
    assert admin.program.get(f"{admin.office.api}/features/cells?bbox=112,28,113,29&zoom=14")
    return admin


@contextmanager
def cut(site: Site) -> Iterator[None]:
    site.line.cut()
    try:
        yield
    finally:
        site.line.mend()


def test_a_page_says_so_and_recovers(site, admin):
    with cut(site):
        away = admin.client.get(f"{admin.office.pages}/map")
        assert away.status_code == 503
        assert SENTENCE in away.get_data(as_text=True)
    assert admin.client.get(f"{admin.office.pages}/map").status_code == 200


def test_signing_in_says_so(site):
    with cut(site):
        form = {"email": "somebody@example.invalid", "password": "a-fictitious-password"}
        away = a_browser(site.app).post("/sign-in", data=form)
    assert away.status_code == 503
    assert SENTENCE in away.get_data(as_text=True)


def test_the_api_answers_with_problem_details_and_recovers(site, admin):
    features = f"{admin.office.api}/features/cells?bbox=112,28,113,29&zoom=14"
    with cut(site):
        away = admin.program.get(features)
        assert (away.status_code, away.content_type) == (503, "application/problem+json")
        assert (away.json["code"], away.json["title"]) == ("database_away", SENTENCE)
    assert admin.program.get(features).status_code == 200


def test_a_part_of_a_page_is_answered_with_a_notice(site, admin):
    with cut(site):
        away = admin.client.get(f"{admin.office.pages}/map", headers={"HX-Request": "true"})
    assert away.status_code == 503
    assert SENTENCE in away.get_data(as_text=True)
    assert "<html" not in away.get_data(as_text=True)


def test_alive_but_not_ready(site, admin):
    visitor = a_browser(site.app)
    with cut(site):
        assert visitor.get("/healthz").status_code == 200
        waiting = visitor.get("/readyz")
        assert (waiting.status_code, waiting.json["missing"]) == (503, "database")
    assert visitor.get("/readyz").status_code == 200
