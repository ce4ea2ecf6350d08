"""The sign-in form: who gets in, what a stranger is told, and what forged or hurried forms get."""

from __future__ import annotations

from itertools import count
from os import environ
from secrets import randbelow
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask_security import hash_password

from service.app import create_app
from service.settings import read
from tenants.database import db
from tenants.people.actions import give_standing
from tenants.people.door import enter_person
from tests.factories.people import PASSWORD, Browser, a_browser

WRONG = "another-fictitious-password"
_desks = count(1)


def send(browser: Browser, form: dict[str, str], where: str = "/sign-in", **more: Any):
    """From a desk of its own: only so many may be sent from one in a while."""
    desk = f"10.9.{next(_desks) // 250}.{next(_desks) % 250 + 1}"
    return browser.post(where, data=form, environ_overrides={"REMOTE_ADDR": desk}, **more)


@pytest.fixture
def form(leader) -> dict[str, str]:
    return {"email": leader.email, "password": PASSWORD}


def test_the_form_is_there_for_anybody(anonymous: Browser):
    page = anonymous.get("/sign-in")
    assert page.status_code == 200
    words = page.get_data(as_text=True)
    assert 'name="email"' in words
    assert 'name="password"' in words
    assert 'name="csrf_token"' in words


def test_a_person_gets_in_and_to_their_own_map(anonymous, leader, form):
    answer = send(anonymous, form)
    assert (answer.status_code, answer.location) == (302, "/")
    arrived = anonymous.get("/", follow_redirects=True)
    assert arrived.status_code == 200
    assert arrived.request.path == f"{leader.office.pages}/map"


@pytest.mark.parametrize("written", [str.upper, " {} ".format])
def test_the_address_may_be_written_in_capitals_or_with_blanks(anonymous, form, written):
    answer = send(anonymous, {**form, "email": written(form["email"])})
    assert answer.status_code == 302


def test_an_address_of_an_intranet_is_an_address(app, community):
    with app.test_request_context():
        person_id = enter_person(
            f"leader@{community.slug}.local", "网格长壬", hash_password(PASSWORD)
        )
    with community.acting() as scope:
        give_standing(scope, person_id, "网格长壬", "community_admin")
    form = {"email": f"leader@{community.slug}.local", "password": PASSWORD}
    assert send(a_browser(app), form).status_code == 302


def test_after_signing_in_the_page_asked_for_is_shown(anonymous, leader, form):
    wanted = f"{leader.office.pages}/map"
    refused = anonymous.get(wanted)
    assert refused.status_code == 302
    answer = send(anonymous, form, refused.location)
    assert answer.location == wanted


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "http:evil.example"],
)
def test_nobody_is_sent_to_another_host(anonymous, form, elsewhere):
    answer = send(anonymous, form, query_string={"next": elsewhere})
    where = urlsplit(answer.location or "/")
    assert (where.scheme, where.netloc) == ("", "")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app, form):
    """Otherwise the form would tell who has an account."""

    def told(wrong: dict[str, str]) -> str:
        answer = send(a_browser(app), wrong)
        assert answer.status_code == 200
        return answer.get_data(as_text=True).replace(wrong["email"], "")

    def plain(page: str) -> list[str]:
        return [
            line for line in page.splitlines() if "nonce" not in line and "csrf" not in line.lower()
        ]

    known = told({**form, "password": WRONG})
    unknown = told({**form, "email": "nobody@example.invalid"})
    assert plain(known) == plain(unknown)


@pytest.mark.parametrize("gap", ["email", "password"])
def test_an_empty_field_is_no_way_in(anonymous, form, gap):
    assert send(anonymous, {**form, gap: ""}).status_code == 200
    assert anonymous.get("/").status_code == 302


def test_a_form_that_is_not_ours_is_refused(anonymous, form):
    assert send(anonymous, form, csrf=False).status_code == 400


def test_signing_out_ends_the_session(leader):
    assert leader.client.get(f"{leader.office.pages}/map").status_code == 200
    assert leader.client.post("/sign-out").status_code == 302
    assert leader.client.get(f"{leader.office.pages}/map").status_code == 302


def test_signing_out_needs_our_page_and_a_post(leader):
    assert leader.client.post("/sign-out", csrf=False).status_code == 400
    assert leader.client.get("/sign-out").status_code == 404
    assert leader.client.get(f"{leader.office.pages}/map").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(anonymous, form):
    answer = send(anonymous, form)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_no_page_is_kept_by_a_cache(anonymous):
    assert "no-store" in anonymous.get("/sign-in").headers["Cache-Control"]


def a_desk() -> dict[str, str]:
    return {"REMOTE_ADDR": f"10.8.{randbelow(250)}.{randbelow(250)}"}


def test_whoever_guesses_many_names_from_one_desk_is_slowed_down(app):
    desk = a_desk()
    guesses = [
        a_browser(app).post(
            "/sign-in",
            data={"email": f"nobody{randbelow(10**9)}@example.invalid", "password": WRONG},
            environ_overrides=desk,
        )
        for _ in range(21)
    ]
    assert [answer.status_code for answer in guesses] == [200] * 20 + [429]
    assert "尝试得太频繁了" in guesses[-1].get_data(as_text=True)


def test_whoever_guesses_one_name_from_many_desks_is_slowed_down(app):
    guess = {"email": f"nobody{randbelow(10**9)}@example.invalid", "password": WRONG}
    guesses = [
        a_browser(app).post("/sign-in", data=guess, environ_overrides=a_desk()) for _ in range(11)
    ]
    assert [answer.status_code for answer in guesses] == [200] * 10 + [429]


def test_a_sender_is_not_believed_about_where_it_sits_when_no_proxy_says_so(app):
    desk, statuses = a_desk(), []
    for turn in range(21):
        answer = a_browser(app).post(
            "/sign-in",
            data={"email": f"nobody{randbelow(10**9)}@example.invalid", "password": WRONG},
            headers={"X-Forwarded-For": f"10.7.1.{turn}"},
            environ_overrides=desk,
        )
        statuses.append(answer.status_code)
    assert statuses[-1] == 429


def test_a_copied_cookie_opens_nothing_after_signing_out(leader):
    desk, copy = leader.client, a_browser(leader.office.app)
    for cookie in desk._cookies.values():
        copy.set_cookie(cookie.key, cookie.value)
    assert copy.get(f"/t/{leader.scope.slug}/map").status_code == 200
    assert desk.post("/sign-out").status_code == 302
    assert urlsplit(copy.get(f"/t/{leader.scope.slug}/map").headers["Location"]).path == "/sign-in"


def test_signing_in_gives_programs_no_token_of_the_extensions(anonymous, form):
    answer = anonymous.post("/sign-in?include_auth_token=1", json=form, environ_overrides=a_desk())
    assert "authentication_token" not in answer.get_data(as_text=True)


def test_with_redis_away_people_still_sign_in_and_guesses_are_still_counted(leader, form):
    settings = {**environ, "WANGGE_REDIS_URL": "unix:///nowhere/redis.sock"}
    alone = create_app(read(settings, "web"))
    desk = a_desk()
    assert a_browser(alone).post("/sign-in", data=form, environ_overrides=desk).status_code == 302
    wrong = {**form, "password": WRONG}
    answers = [
        a_browser(alone).post("/sign-in", data=wrong, environ_overrides=desk) for _ in range(21)
    ]
    assert answers[-1].status_code == 429
    with alone.app_context():
        for engine in db.engines.values():
            engine.dispose()
