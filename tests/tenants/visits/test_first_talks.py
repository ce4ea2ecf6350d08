"""First talks in the day's list: an address in the walk, never a person, and no trace afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tenants.arrivals.talks.actions import keep_outcome, put_on_the_list
from tenants.arrivals.talks.rules import MOST_ATTEMPTS, OVER
from tenants.database import db
from tenants.records import ALL
from tenants.visits.first_talks import talk_due
from tenants.visits.kinds import Sent
from tenants.visits.rules import SOON_DAYS
from tenants.visits.worklist import worklist
from tests.factories.arrivals import an_arrival
from tests.factories.buildings import a_building
from tests.factories.histories import a_day
from tests.factories.members import a_member
from tests.factories.people import a_leader
from tests.factories.visits import an_operation, delivered

TODAY = date.today()
TABLES = sorted(ALL[0].db.metadata.tables)


def an_address_at(community, building, words="602 室") -> UUID:
    with community.acting() as scope:
        return put_on_the_list(scope, building, words, TODAY)


def walked(cast, **wanted):
    with cast.acting() as scope:
        return worklist(scope, TODAY, with_talks=True, **wanted)


@pytest.mark.parametrize(
    ("signalled", "next_on", "day", "state"),
    [
        ("2026-05-01", None, "2026-05-01", "soon"),
        ("2026-05-01", None, "2026-05-15", "today"),
        ("2026-05-01", None, "2026-05-16", "overdue"),
        ("2026-05-01", "2026-05-08", "2026-05-02", "soon"),
        ("2026-05-01", "2026-05-08", "2026-05-08", "today"),
        ("2026-05-01", "2026-05-08", "2026-05-09", "overdue"),
        ("2026-05-01", "2026-06-08", "2026-05-09", None),
    ],
)
def test_when_an_address_comes_up(signalled, next_on, day, state):
    found = talk_due(a_day(signalled), next_on and a_day(next_on), a_day(day))
    assert (found and found.state) == state
    if found:
        assert found.source.clause == "000_d274 三-1"
    assert SOON_DAYS == 14


def test_an_address_stands_in_the_walk_beside_the_people_of_its_building(leader, community):
    near, far = a_building(community, "1号楼", east=20), a_building(community, "2号楼", east=150)
    talk = an_address_at(community, near)
    an_arrival(community, name="虚构远邻", home=community.inside(1, east=150))
    an_arrival(community, name="虚构近邻", home=community.inside(1, east=22))
    other = an_address_at(community, far)
    elsewhere = an_address_at(community, a_building(community, "3号楼", cell=4))
    found = walked(leader)
    assert [line.talk_id for line in found.talks] == [talk, other]
    assert found.waiting_talks == 2 and sum(found.counts.values()) == 2
    names = [getattr(line, "name", "") or line.words.split()[0] for line in found.walk]
    assert names.index("1号楼") < names.index("虚构远邻")
    assert {line.cell for line in found.talks} == {"第1网格"}
    assert elsewhere not in {line.talk_id for line in found.talks}
    assert {line.name for line in found.lines} == {"虚构远邻", "虚构近邻"}
    only = walked(leader, kind="first_talk")
    assert only.lines == () and len(only.talks) == 2
    assert walked(leader, kind="first_contact").talks == ()


def test_where_no_visit_is_wanted_nobody_is_sent(leader, community):
    building = a_building(community)
    talk = an_address_at(community, building)
    with leader.acting() as scope:
        keep_outcome(scope, talk, "come_back", TODAY, TODAY + timedelta(days=3))
    [line] = walked(leader).talks
    assert (line.not_before, line.attempts, line.state) == (TODAY + timedelta(days=3), 0, "soon")
    with leader.acting() as scope:
        keep_outcome(scope, talk, "come_back", TODAY, TODAY + timedelta(days=60))
    assert walked(leader).talks == ()
    with leader.acting() as scope:
        keep_outcome(scope, talk, "no_visit", TODAY)
    assert walked(leader).talks == ()


def said(talk: UUID, outcome: str, **wanted):
    body = {"talk": str(talk), "happened_on": TODAY.isoformat(), "outcome": outcome}
    return an_operation("talk", body={**body, **wanted.pop("body", {})}, **wanted)


def test_a_tablet_says_what_happened_at_an_address(leader, community):
    talk = an_address_at(community, a_building(community))
    first = said(talk, "not_home")
    [answer] = delivered(leader, [first])
    assert (answer["status"], answer["facts"]) == ("applied", {"over": False})
    assert delivered(leader, [first])[0]["status"] == "already"
    [line] = [each for each in _addresses(community) if each.id == talk]
    assert (line.attempts, line.state) == (1, "come_back")
    for _ in range(MOST_ATTEMPTS - 1):
        delivered(leader, [said(talk, "not_home")])
    assert [each.state for each in _addresses(community)] == ["no_visit"]


def _addresses(community):
    with community.acting():
        return db.session.execute(text("SELECT id, attempts, state FROM first_talk")).all()


def everything(community) -> dict[str, list[str]]:
    """Every row the tenant can see, but the audit's chain, who signs in, and the tablet's own."""
    with community.acting():
        return {
            table: sorted(
                str(row) for row in db.session.execute(text(f'SELECT x FROM "{table}" x')).scalars()
            )
            for table in TABLES
            if not table.startswith("audit") and table not in ("person", "device", "operation")
        }


@pytest.mark.parametrize("outcome", ["over", *OVER])
def test_the_database_is_as_if_nobody_had_ever_called(leader, community, outcome):
    a_member(community)  # the tenant's key is made when it is first needed
    building = a_building(community)
    before = everything(community)
    talk = an_address_at(community, building)
    assert everything(community) != before
    [answer] = delivered(leader, [said(talk, outcome)])
    assert (answer["status"], answer["facts"], answer["sentence"]) == (
        "applied",
        {"over": True},
        "",
    )
    assert everything(community) == before


def test_what_a_tablet_leaves_behind_is_the_same_whatever_was_said(leader, community):
    """Also for somebody who tries out which body a kept hash fits."""
    left = set()
    ids = {name: str(uuid4()) for name in ("operation", "talk")}
    at = datetime.now(UTC)
    for outcome in ("over", *OVER):
        body = {"talk": ids["talk"], "happened_on": TODAY.isoformat(), "outcome": outcome}
        left.add(Sent(UUID(ids["operation"]), "talk", at, body).hash)
    assert len(left) == 1
    assert (
        Sent(UUID(ids["operation"]), "talk", at, {**body, "outcome": "not_home"}).hash not in left
    )
    kept = set()
    for outcome in OVER:
        talk = an_address_at(community, a_building(community, outcome))
        delivered(leader, [said(talk, outcome)])
    with community.acting():
        rows = db.session.execute(
            text("SELECT kind, status, answer::text FROM operation WHERE kind = 'talk'")
        )
        kept = {tuple(row) for row in rows}
        acts = db.session.execute(
            text(
                "SELECT act, facts::text FROM audit_entry WHERE act LIKE '%talk' AND role = :role"
            ),
            {"role": "grid_leader"},
        )
        assert {tuple(row) for row in acts} == {("end_first_talk", "{}")}
    assert len(kept) == 1


def test_only_who_may_call_there_is_heard(leader, officer, community):
    talk = an_address_at(community, a_building(community))
    other = a_leader(community, 2)
    for cast in (other, officer):
        [answer] = delivered(cast, [said(talk, "no_visit")])
        assert answer["status"] == "refused" and "首谈清单" in answer["sentence"]
    assert [each.state for each in _addresses(community)] == ["queued"]
    [done] = delivered(leader, [said(talk, "over")])
    [again] = delivered(leader, [said(talk, "not_home")])
    assert (done["status"], again["status"]) == ("applied", "refused")


@pytest.mark.parametrize(
    "body",
    [
        {"outcome": "praised"},
        {"outcome": ["over"]},
        {"happened_on": "gestern"},
        {"talk": "1"},
        {"who": "虚构某人"},
        {"next_on": "morgen"},
    ],
)
def test_a_fault_in_one_changes_nothing(leader, community, body):
    talk = an_address_at(community, a_building(community))
    [answer] = delivered(leader, [said(talk, "not_home", body=body)])
    assert answer["status"] == "refused" and answer["sentence"]
    assert [each.state for each in _addresses(community)] == ["queued"]


def test_a_tablet_keeps_addresses_apart_from_people(leader, officer, community):
    a_building(community, "2号楼")
    talk = an_address_at(community, a_building(community))
    an_arrival(community, name="虚构新来者", home=community.inside(1, east=-100))
    kept = leader.client.get(f"{community.api}/offline?device={uuid4()}").json
    [told] = kept["talks"]
    assert told["talk"] == str(talk) and "602 室" in told["words"] and told["most"] == 3
    assert told["at"] in (0, 1) and told["dues"][0]["title"] == "首谈"
    assert [each["name"] for each in kept["today"]] == ["虚构新来者"]
    assert officer.client.get(f"{community.api}/offline?device={uuid4()}").json["talks"] == []
