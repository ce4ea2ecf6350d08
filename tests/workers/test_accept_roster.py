"""Accepting a roster takes what its check read; the file is read again only where it must be."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from threading import Event, Thread

import pytest
from shapely import box
from sqlalchemy import text

from tenants.database import db
from tenants.members.import_questions import remember_headers
from tenants.members.imports import accept_import, ask_for_check, discard_import, locked_import
from tenants.members.resealing import (
    begin_rotation,
    reseal_matches,
    reseal_members,
    reseal_one_file,
)
from tenants.organisations.actions import draw_boundary
from tests.factories.imports import a_checked_import
from tests.factories.jobs import due_jobs, work_off
from tests.factories.members import a_member
from tests.service.pages.reading import words
from workers.envelope import perform
from workers.jobs import JOBS

# The module; its package knows the job of the same name.
taking_in = import_module("workers.jobs.accept_roster")
KEPT = "SELECT file_sealed IS NOT NULL, reading_sealed IS NOT NULL FROM roster_import"


def rows(community, words):
    with community.acting():
        return [tuple(row) for row in db.session.execute(text(words))]


def accepted(community, import_id):
    with community.acting() as scope:
        accept_import(scope, import_id)
    return work_off(community)[0]


@pytest.fixture
def checked(community):
    return a_checked_import(community)


def spoil(community, column):
    with community.acting():
        db.session.execute(text(f"UPDATE roster_import SET {column} = '\\x00'"))


def test_the_reading_is_kept_as_long_as_the_file(community, checked):
    assert rows(community, KEPT) == [(True, True)]
    assert accepted(community, checked) == "done"
    assert rows(community, KEPT) == [(False, False)]


def test_a_roster_decided_against_leaves_neither(community, checked):
    with community.acting() as scope:
        discard_import(scope, checked)
    assert rows(community, KEPT) == [(False, False)]


def test_what_is_checked_once_more_has_not_been_read(community, checked):
    with community.acting() as scope:
        ask_for_check(scope, locked_import(scope, checked, "checked"))
    assert rows(community, KEPT) == [(True, False)]
    work_off(community)
    assert rows(community, KEPT) == [(True, True)]


def test_the_file_is_not_read_again(community, checked):
    spoil(community, "file_sealed")
    assert accepted(community, checked) == "done"
    assert rows(community, "SELECT name FROM member") == [("来者甲",)]


def test_what_an_office_says_of_its_headers_later_does_not_change_what_was_shown(
    community, checked
):
    with community.acting() as scope:
        remember_headers(scope, {"姓名": "employer"})
    assert accepted(community, checked) == "done"
    assert rows(community, "SELECT name, employer FROM member") == [("来者甲", "")]


def test_a_boundary_drawn_meanwhile_counts(community, checked):
    """The community's own facts are other than those the check knew: then the file is read anew."""
    west, south, east, north = community.boundary.bounds
    inside_no_more = box(west, south, (west + east) / 2, (south + north) / 2)
    with community.acting() as scope:
        draw_boundary(scope, inside_no_more, date(2026, 1, 1))
    assert accepted(community, checked) == "done"
    assert rows(community, "SELECT accepted, rejected FROM roster_import") == [(0, 2)]
    assert rows(community, "SELECT 1 FROM member") == []


def test_a_key_that_changed_meanwhile_opens_all_of_it(community):
    a_member(community, name="来者乙", phone="19911110002", employer="旧厂")
    import_id = a_checked_import(
        community, "姓名,手机,单位\n来者甲,19911110001,\n来者乙,19911110002,新厂\n"
    )
    with community.acting() as scope:
        assert begin_rotation(scope)
    with community.acting() as scope:
        accept_import(scope, import_id, changed="update")
    assert work_off(community) == ["done"]
    assert rows(community, "SELECT name, employer FROM member ORDER BY name") == [
        ("来者乙", "新厂"),
        ("来者甲", ""),
    ]


def test_a_key_that_was_changed_to_the_end_opens_it_too(community, checked):
    with community.acting() as scope:
        assert begin_rotation(scope)
        assert reseal_one_file(scope) == 1
        reseal_members(scope)
        reseal_matches(scope)
    with community.acting():
        db.session.execute(text("UPDATE roster_import SET file_sealed = NULL"))
    assert accepted(community, checked) == "done"
    assert rows(community, "SELECT name FROM member") == [("来者甲",)]


def test_what_is_accepted_after_its_columns_were_chosen_is_the_new_check(community, checked):
    with community.acting() as scope:
        remember_headers(scope, {"性别": ""})
        ask_for_check(scope, locked_import(scope, checked, "checked"))
    work_off(community)
    assert accepted(community, checked) == "done"
    assert rows(community, "SELECT name, sex FROM member") == [("来者甲", "")]


def test_two_rosters_taken_in_at_once_enter_nobody_twice(app, community, monkeypatch):
    """The first waits in the middle of its writing; the second would find nobody yet."""
    one, two = (a_checked_import(community, "姓名,手机\n来者甲,19911110001\n") for _ in range(2))
    with community.acting() as scope:
        accept_import(scope, one)
    with community.acting() as scope:
        accept_import(scope, two)
    [(first, _), (second, _)] = due_jobs(community)
    is_inside, may_go_on = Event(), Event()
    really = taking_in.take_in

    def slowly(*given):
        found = really(*given)
        is_inside.set()
        may_go_on.wait(20)
        return found

    ended = []

    def work(job):
        with app.app_context():
            ended.append(perform(JOBS, community.tenant_id, job))

    monkeypatch.setattr(taking_in, "take_in", slowly)
    ahead = Thread(target=work, args=(first,))
    ahead.start()
    assert is_inside.wait(20)
    behind = Thread(target=work, args=(second,))
    behind.start()
    behind.join(0.5)
    may_go_on.set()
    ahead.join(20)
    behind.join(20)
    assert ended == ["done", "done"]
    assert rows(community, "SELECT name FROM member") == [("来者甲",)]
    assert sorted(rows(community, "SELECT accepted, duplicates FROM roster_import")) == [
        (0, 1),
        (1, 0),
    ]


def test_a_check_that_is_no_longer_true_can_be_made_again(colleague, community):
    """Accepting reads the file anew under another boundary and refuses it as a whole."""
    west, south, east, north = community.boundary.bounds
    lines = [f"来者{n},{west + 0.0004 * n},{south + 0.0004 * n}" for n in range(1, 5)]
    import_id = a_checked_import(community, "\n".join(["姓名,经度,纬度", *lines, ""]))
    far = box(west + 1, south, east + 1, north)
    with community.acting() as scope:
        draw_boundary(scope, far, date(2026, 1, 1))
    assert accepted(community, import_id) == "failed"
    where = f"{community.pages}/imports/{import_id}"
    assert "再检查一次" in words(colleague.client.get(where))
    colleague.client.post(f"{where}/check")
    work_off(community)
    assert "要您先决定" in words(colleague.client.get(where))
    assert rows(community, "SELECT 1 FROM member") == []
