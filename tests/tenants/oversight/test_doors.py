"""Doors: who may open one, what both sides know of it, and how it ends (domain STA-4)."""

from __future__ import annotations

from os import environ

import pytest
from sqlalchemy import create_engine, text

from tenants.audit.lookups import first_break
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.oversight.door_lookups import doors, open_doors_into
from tenants.oversight.doors import VISITOR, end_door, end_expired, open_door
from tenants.people.door import standings_of
from tests.factories.counties import a_community, a_county
from tests.factories.doors import REASON, a_door
from tests.factories.people import a_person


def roles_of(app, person_id) -> list[str]:
    with app.app_context():
        return [scope.role for scope in standings_of(person_id)]


def acts(office) -> list[str]:
    with office.acting():
        words = text("SELECT act FROM audit_entry WHERE subject_kind = 'door' ORDER BY id")
        return list(db.session.execute(words).scalars())


@pytest.mark.parametrize("who", ["county_admin", "township_officer"])
def test_an_office_above_opens_a_door_that_both_sides_know(request, community, who):
    officer = request.getfixturevalue(who)
    _door_id, visitor = a_door(community, officer)
    assert (visitor.scope.role, visitor.scope.tenant_id) == (VISITOR, community.tenant_id)
    for office in (officer.office, community):
        with office.acting() as scope:
            (line,) = doors(scope)
        assert (line.visitor, line.office) == (officer.name, officer.office.scope.name)
        assert (line.reason, line.is_open) == (REASON, True)
        assert (line.expires_at - line.opened_at).total_seconds() == 3 * 3600
        assert acts(office) == ["open_door"]
        with office.acting() as scope:
            assert first_break(scope, {})[1] is None


def test_nobody_opens_a_door_to_what_does_not_lie_below(community, county_admin, colleague):
    foreign = a_community(a_county(community.app))
    with county_admin.acting() as scope:
        for slug in (foreign.slug, community.county.township.slug, scope.slug, "no-such-tenant"):
            with pytest.raises(NotFound):
                open_door(scope, slug, REASON)
    with colleague.acting() as scope, pytest.raises(NotAllowed):
        open_door(scope, community.slug, REASON)


@pytest.mark.parametrize("reason", ["", "看一下", "        看一下       ", "长" * 201])
def test_a_door_needs_a_proper_reason(community, county_admin, reason):
    with county_admin.acting() as scope, pytest.raises(InvalidInput):
        open_door(scope, community.slug, reason)
    assert acts(community) == []


def test_one_door_at_a_time(community, county_admin):
    a_door(community, county_admin)
    with county_admin.acting() as scope, pytest.raises(Conflict):
        open_door(scope, community.slug, REASON)


@pytest.mark.parametrize("who", ["community", "office", "visitor"])
def test_either_side_ends_it_for_both(app, community, county_admin, colleague, who):
    door_id, visitor = a_door(community, county_admin)
    ender = {"community": colleague, "office": county_admin, "visitor": visitor}[who]
    with ender.acting() as scope:
        end_door(scope, door_id)
    assert VISITOR not in roles_of(app, county_admin.person_id)
    for office in (community.county, community):
        with office.acting() as scope:
            (line,) = doors(scope)
        assert (line.is_open, line.ended_how) == (
            False,
            "community" if who == "community" else "visitor",
        )
        assert acts(office) == ["open_door", "end_door"]
    with ender.acting() as scope, pytest.raises((Conflict, NotFound)):
        end_door(scope, door_id)


def test_a_visitor_ends_nobody_elses(community, county_admin, township_officer):
    _mine, visitor = a_door(community, county_admin)
    other, _ = a_door(community, township_officer)
    with visitor.acting() as scope, pytest.raises(NotFound):
        end_door(scope, other)


def move_back(community, hours: int) -> None:
    """As if the door had been opened some hours earlier."""
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            f"UPDATE door SET opened_at = opened_at - interval '{hours} hours',"
            f" expires_at = expires_at - interval '{hours} hours'"
            f" WHERE community_id = {community.tenant_id}"
        )
    engine.dispose()


def test_after_three_hours_it_lets_nobody_in_and_is_written_down(app, community, county_admin):
    a_door(community, county_admin)
    move_back(community, 3)
    assert VISITOR not in roles_of(app, county_admin.person_id)
    with community.acting() as scope:
        assert open_doors_into(scope) == []
    for office in (community, community.county):
        with office.acting() as scope:
            assert end_expired(scope) == 1
            assert end_expired(scope) == 0
        assert acts(office) == ["open_door", "door_expired"]


def test_whoever_leaves_the_office_is_outside_at_once(app, community):
    officer = a_person(community.county, "county_admin")
    a_door(community, officer)
    with community.county.acting():
        db.session.execute(
            text("UPDATE standing SET valid_to = CURRENT_DATE - 1 WHERE person_id = :id"),
            {"id": officer.person_id},
        )
    assert roles_of(app, officer.person_id) == []


def test_why_and_until_when_is_not_edited_afterwards(community, county_admin):
    a_door(community, county_admin)
    for change in ("reason = 'something else'", "expires_at = now() + interval '1 day'"):
        with pytest.raises(Exception, match="permission denied"), community.acting():
            db.session.execute(text(f"UPDATE door SET {change}"))
