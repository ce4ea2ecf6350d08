"""Accepting a roster takes what its check read; the file is read again only where it must be."""

from __future__ import annotations

from datetime import date

import pytest
from shapely import box
from sqlalchemy import text

from tenants.database import db
from tenants.members.import_questions import remember_headers
from tenants.members.imports import accept_import, ask_for_check, discard_import, locked_import
from tenants.organisations.actions import draw_boundary
from tests.factories.imports import a_checked_import
from tests.factories.jobs import work_off

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
