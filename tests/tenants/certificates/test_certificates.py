"""Certificates through the real actions: one open at a time, undone step by step, told apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tenants.certificates.actions import (
    Step,
    add_entry,
    move_certificate,
    request_certificate,
    strike_entry,
    take_back_step,
)
from tenants.certificates.lookups import (
    certificate,
    certificates,
    certificates_of,
    counts_by_state,
    entries_of,
    in_use,
    without_certificate,
)
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.mobility.actions import Departure, choose_pack, leave
from tests.factories.certificates import a_certificate, an_entry, stepped
from tests.factories.members import a_member

TODAY = date.today()
EARLIER = TODAY - timedelta(days=200)


def test_a_second_one_waits_until_the_first_is_over(community):
    member = a_member(community)
    first = a_certificate(community, member, "issued", on=EARLIER)
    with community.acting() as scope, pytest.raises(Conflict):
        request_certificate(scope, member, TODAY, TODAY)
    stepped(community, first, "lost")
    second = a_certificate(community, member)
    with community.acting() as scope:
        with pytest.raises(Conflict):
            take_back_step(scope, first)
        assert [each.id for each in certificates_of(scope, member)] == [second, first]
        assert certificate(scope, first).steps == [
            ("requested", EARLIER), ("issued", EARLIER), ("lost", TODAY),
        ]  # fmt: skip


def test_the_database_itself_refuses_a_second_open_one(community):
    member = a_member(community)
    a_certificate(community, member)
    with community.acting(), pytest.raises(Exception, match="uq_activity_certificate_open"):
        db.session.execute(
            text(
                "INSERT INTO activity_certificate (id, member_id, requested_on)"
                " VALUES (gen_random_uuid(), :member, CURRENT_DATE)"
            ),
            {"member": member},
        )


def test_it_goes_from_hand_to_hand_and_each_step_can_be_taken_back(community):
    member = a_member(community)
    found = a_certificate(community, member, on=EARLIER)
    with community.acting() as scope:
        with pytest.raises(InvalidInput):
            move_certificate(scope, found, Step("issued", TODAY), TODAY)
        move_certificate(scope, found, Step("issued", TODAY, number=" 虚 1 ", pledged=True), TODAY)
        move_certificate(scope, found, Step("held", TODAY, holder="虚构外地社区"), TODAY)
        line = certificate(scope, found)
        assert (line.number, line.holder, line.pledge_on) == ("虚 1", "虚构外地社区", TODAY)
        assert in_use(scope, [member])[member].issued_on == TODAY
        with pytest.raises(Conflict):
            move_certificate(scope, found, Step("returned", TODAY, seen=1), TODAY)
        take_back_step(scope, found)
        take_back_step(scope, found)
        line = certificate(scope, found)
        assert (line.state, line.number, line.pledge_on) == ("requested", "", None)
        with pytest.raises(Conflict):
            take_back_step(scope, found)


def test_two_certificates_do_not_share_a_number(community):
    one, other = (
        a_certificate(community, a_member(community)),
        a_certificate(community, a_member(community)),
    )
    with community.acting() as scope:
        move_certificate(scope, one, Step("issued", TODAY, number="虚 7"), TODAY)
        with pytest.raises(Conflict):
            move_certificate(scope, other, Step("issued", TODAY, number="虚 7"), TODAY)
        assert certificate(scope, other).state == "requested"


def test_entries_are_added_and_struck_and_never_change(community):
    found = a_certificate(community, a_member(community), "issued", on=EARLIER)
    entry = an_entry(community, found)
    with community.acting() as scope:
        strike_entry(scope, found, entry)
        with pytest.raises(Conflict):
            strike_entry(scope, found, entry)
        add_entry(scope, found, "dues", TODAY, "虚构签字人", TODAY)
        told = [(each.what, each.signed_by, each.struck) for each in entries_of(scope, found)]
        assert told == [("dues", "虚构签字人", False), ("activity", "虚构签字人", True)]
    with community.acting(), pytest.raises(Exception, match="permission denied"):
        db.session.execute(text("UPDATE certificate_entry SET what = 'dues'"))


def test_who_does_not_see_the_member_sees_no_certificate(community, leader, officer):
    member = a_member(community, home=community.inside(4))
    found = a_certificate(community, member)
    for cast in (leader, officer):
        with cast.acting() as scope:
            assert certificates(scope) == [] and counts_by_state(scope) == {}
            with pytest.raises(NotFound):
                certificate(scope, found)
            with pytest.raises(NotFound):
                move_certificate(scope, found, Step("void", TODAY), TODAY)


def test_whom_the_pack_wants_one_for_is_a_line_of_the_list_only_under_such_a_pack(community):
    away = a_member(community, name="虚构远行者")
    a_member(community)
    with community.acting() as scope:
        choose_pack(scope, "township", EARLIER)
        leave(scope, Departure(away, EARLIER, other_place="外地区", fixed=False))
        wanted = without_certificate(scope, TODAY)
        assert set(wanted) <= {away}
        choose_pack(scope, "one-month", TODAY)
        assert without_certificate(scope, TODAY) == {}
    assert wanted == {away: "虚构远行者"}
    found = a_certificate(community, away)
    with community.acting() as scope:
        assert certificate(scope, found).episode_id is not None
        choose_pack(scope, "township", TODAY)
        assert without_certificate(scope, TODAY) == {}
