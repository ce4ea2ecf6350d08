"""First talks: an address and nothing else, and no trace of who is no member or will not say."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tenants.arrivals.talks.actions import (
    call_again,
    forget_no_visits,
    keep_outcome,
    put_on_the_list,
)
from tenants.arrivals.talks.lookups import addresses
from tenants.arrivals.talks.rules import (
    LEAVE_ALONE_DAYS,
    MOST_ATTEMPTS,
    NO_VISIT_DAYS,
    Following,
    following,
)
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.records import ALL
from tests.factories.counties import a_community, a_county
from tests.factories.members import a_member
from tests.factories.talks import DAY, an_address

TABLES = sorted(ALL[0].db.metadata.tables)


@pytest.mark.parametrize(
    ("outcome", "attempts", "expected"),
    [
        ("not_home", 0, Following(state="come_back", attempts=1, next_on=DAY + timedelta(7))),
        ("come_back", 2, Following(state="come_back", attempts=2, next_on=DAY + timedelta(7))),
        (
            "not_home",
            MOST_ATTEMPTS - 1,
            Following(
                state="no_visit",
                attempts=MOST_ATTEMPTS,
                no_visit_until=DAY + timedelta(LEAVE_ALONE_DAYS),
            ),
        ),
        (
            "no_visit",
            1,
            Following(state="no_visit", attempts=1, no_visit_until=DAY + timedelta(NO_VISIT_DAYS)),
        ),
        ("not_a_member", 0, Following(over=True)),
        ("prefers_not_to_say", 2, Following(over=True)),
        ("declared", 0, Following(over=True)),
    ],
)
def test_what_follows(outcome, attempts, expected):
    assert following(outcome, attempts, DAY) == expected


def test_the_day_that_was_said_is_kept_unless_it_is_past():
    assert following("come_back", 0, DAY, DAY + timedelta(3)).next_on == DAY + timedelta(3)
    assert following("come_back", 0, DAY, DAY - timedelta(3)).next_on == DAY


def everything(community) -> dict[str, list[str]]:
    """Every row of every table that the tenant can see, the audit's chain excepted."""
    with community.acting():
        return {
            table: sorted(
                str(row) for row in db.session.execute(text(f'SELECT x FROM "{table}" x')).scalars()
            )
            for table in TABLES
            if not table.startswith("audit") and table not in ("person",)
        }


def acts(community) -> list[str]:
    with community.acting():
        return list(
            db.session.execute(text("SELECT act FROM audit_entry ORDER BY at, id")).scalars()
        )


@pytest.mark.parametrize("outcome", ["not_a_member", "prefers_not_to_say", "declared"])
def test_the_database_is_as_if_nobody_had_ever_called(community, outcome):
    a_member(community)  # the tenant's key is made when it is first needed
    before = everything(community)
    talk_id = an_address(community)
    assert everything(community) != before
    with community.acting() as scope:
        assert keep_outcome(scope, talk_id, outcome, DAY).over
    assert everything(community) == before
    assert acts(community)[-2:] == ["plan_first_talk", "end_first_talk"]


def test_what_is_noted_is_the_same_whatever_was_said(app):
    noted = set()
    for outcome in ("not_a_member", "prefers_not_to_say"):
        community = a_community(a_county(app))
        talk_id = an_address(community)
        with community.acting() as scope:
            keep_outcome(scope, talk_id, outcome, DAY)
            rows = db.session.execute(
                text(
                    "SELECT act, subject_kind, facts::text FROM audit_entry"
                    " WHERE act LIKE '%talk' ORDER BY at"
                )
            )
            noted.add(tuple(tuple(row) for row in rows))
    assert len(noted) == 1


def test_an_address_that_wants_no_visit_is_left_alone_until_its_day(community):
    talk_id = an_address(community, "虚构路 3 号")
    with community.acting() as scope:
        keep_outcome(scope, talk_id, "no_visit", DAY)
        assert addresses(scope) == []
        assert [each.words for each in addresses(scope, state="no_visit")] == ["虚构路 3 号"]
        with pytest.raises(Conflict):
            put_on_the_list(scope, None, "虚构路 3 号", DAY)
        put_on_the_list(scope, None, "虚构路 4 号", DAY)
        assert forget_no_visits(scope, DAY + timedelta(NO_VISIT_DAYS)) == 0
        assert forget_no_visits(scope, DAY + timedelta(NO_VISIT_DAYS + 1)) == 1


def test_a_mistake_can_be_taken_back(community):
    talk_id = an_address(community)
    with community.acting() as scope:
        keep_outcome(scope, talk_id, "no_visit", DAY)
        call_again(scope, talk_id)
        assert [each.id for each in addresses(scope)] == [talk_id]
        with pytest.raises(Conflict):
            call_again(scope, talk_id)


def test_a_leader_calls_in_their_own_cells_only(community, leader):
    theirs = an_address(community)
    with community.acting(leader.scope) as scope:
        assert addresses(scope) == []
        with pytest.raises(NotFound):
            keep_outcome(scope, theirs, "not_home", DAY)
        own = put_on_the_list(scope, None, "虚构路 5 号", DAY)
        assert [each.id for each in addresses(scope)] == [own]


@pytest.mark.parametrize("words", ["", "  ", "长" * 121])
def test_no_address_and_a_novel_are_refused(community, words):
    with community.acting() as scope, pytest.raises(InvalidInput):
        put_on_the_list(scope, None, words, date(2026, 11, 21))


@pytest.mark.parametrize("typed", ["虚构路1号", "虚构路 １ 号", " 虚构路  1号 "])
def test_no_visit_holds_however_the_address_is_typed(community, typed):
    talk_id = an_address(community, "虚构路 1 号")
    with community.acting() as scope:
        keep_outcome(scope, talk_id, "no_visit", DAY)
        with pytest.raises(Conflict):
            put_on_the_list(scope, None, typed, DAY + timedelta(30))
