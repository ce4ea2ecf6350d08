"""An accepted roster is taken back as a whole, as far as nobody has gone on from it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.members.imports import forget_old_imports
from tests.factories.jobs import work_off
from tests.factories.members import a_member
from tests.factories.redirects import a_neighbour
from tests.service.pages.reading import words
from tests.service.pages.test_import_decisions import OTHER, PHONE, acts, rows, sent


def accepted(person, community, *lines, **decisions):
    """Where the accepted roster of these CSV lines is shown."""
    where = sent(person, community, *lines)
    person.client.post(f"{where}/accept", data=decisions)
    work_off(community)
    return where


def undone(person, community, where):
    person.client.post(f"{where}/undo")
    work_off(community)
    return words(person.client.get(where))


def roster(community, kind="在册"):
    lon, lat = community.inside(1)
    return "姓名,电话,流动类型,经度,纬度", f"李二,{OTHER},{kind},{lon},{lat}"


@pytest.mark.parametrize("kind", ["在册", "流入", "流出"])
def test_who_came_with_it_goes_with_it(colleague, community, kind):
    where = accepted(colleague, community, *roster(community, kind))
    assert rows(community, "SELECT count(*) FROM member") == [(1,)]
    asked = words(colleague.client.get(f"{where}?undo=1"))
    assert "1 人移出名册" in asked
    assert rows(community, "SELECT count(*) FROM member") == [(1,)]
    assert "撤销：1 人移出名册，0 人" in undone(colleague, community, where)
    for table in ("member", "arrival", "proposal", "episode", "roster_match"):
        assert rows(community, f"SELECT 1 FROM {table}") == [], table
    assert {"undo_import", "import_undone"} <= set(acts(community))


def test_what_was_suggested_next_door_goes_along(colleague, community):
    a_neighbour(community)
    lon, lat = community.inside(4, east=240)
    lines = ("姓名,电话,流动类型,经度,纬度", f"李二,{OTHER},流入,{lon},{lat}")
    where = accepted(colleague, community, *lines)
    assert rows(community, "SELECT decision FROM redirect_suggestion") == [("open",)]
    assert "撤销：1 人移出名册，0 人" in undone(colleague, community, where)
    assert rows(community, "SELECT 1 FROM redirect_suggestion") == []


def test_whoever_was_changed_is_as_before(colleague, community):
    a_member(community, name="李二", phone=OTHER, employer="旧厂", address="柳荫路1号")
    before = "SELECT employer, home, born_on, born_precision, home_precision FROM member"
    kept = rows(community, before)
    lon, lat = community.inside(4)
    where = accepted(
        colleague,
        community,
        "姓名,电话,单位,出生日期,经度,纬度,住址,流动类型,流出时间",
        f"李二,{OTHER},新厂,1980-01-02,{lon},{lat},柳荫路2号,流出,2026-02",
        changed="update",
    )
    assert rows(community, before) != kept
    assert rows(community, "SELECT started_precision FROM episode") == [("month",)]
    assert "0 人移出名册，1 人的资料改回原样" in undone(colleague, community, where)
    assert rows(community, before) == kept
    assert rows(community, "SELECT 1 FROM episode") == []
    assert rows(community, "SELECT version FROM member") == [(3,)]
    assert "restore_by_undo" in acts(community)


TOUCHES = {
    "edited": "UPDATE member SET employer = '改', version = version + 1",
    "another absence": "INSERT INTO episode (id, member_id, direction)"
    " SELECT gen_random_uuid(), id, 'outflow' FROM member",
    "read over": "INSERT INTO audit_entry (id, role, act, subject_kind, subject_id)"
    " SELECT gen_random_uuid(), 'x', 'say_place', 'episode', id FROM episode",
    "placed": "UPDATE arrival SET state = 'placed'",
    "answered": "UPDATE proposal SET decision = 'another'",
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_whom_somebody_has_gone_on_from_stays_and_it_is_said(colleague, community, touch):
    where = accepted(colleague, community, *roster(community, "流入"))
    with community.acting():
        db.session.execute(text(TOUCHES[touch]))
    asked = words(colleague.client.get(f"{where}?undo=1"))
    assert "0 人移出名册" in asked
    assert "1 人会留下" in asked
    assert "另有 1 人留在名册里" in undone(colleague, community, where)
    assert rows(community, "SELECT name FROM member") == [("李二",)]


def test_who_was_changed_again_is_not_put_back(colleague, community):
    a_member(community, name="李二", phone=OTHER, employer="旧厂")
    where = accepted(colleague, community, "姓名,电话,单位", f"李二,{OTHER},新厂", changed="update")
    with community.acting():
        db.session.execute(text("UPDATE member SET employer = '更新厂', version = version + 1"))
    assert "1 人的资料没有改回" in undone(colleague, community, where)
    assert rows(community, "SELECT employer FROM member") == [("更新厂",)]


def test_a_later_roster_that_is_only_checked_holds_nothing_back(colleague, community):
    where = accepted(colleague, community, "姓名,电话,单位", f"张一,{PHONE},甲厂")
    later = sent(colleague, community, "姓名,电话,单位", f"张一,{PHONE},乙厂")
    assert "1 人移出名册" in undone(colleague, community, where)
    colleague.client.post(f"{later}/accept", data={"changed": "update"})
    work_off(community)
    assert rows(community, "SELECT employer FROM member") == [("乙厂",)]


def test_after_thirty_days_it_stays(colleague, community):
    where = accepted(colleague, community, "姓名,电话", f"张一,{PHONE}")
    with community.acting():
        db.session.execute(text("UPDATE roster_import SET undo_until = now() - interval '1 hour'"))
    refused = colleague.client.post(f"{where}/undo", follow_redirects=True)
    assert "超过 30 天" in words(refused)
    assert rows(community, "SELECT count(*) FROM member") == [(1,)]


def test_old_files_and_old_ways_back_are_forgotten(colleague, community):
    a_member(community, name="李二", phone=OTHER, employer="旧厂")
    accepted(colleague, community, "姓名,电话,单位", f"李二,{OTHER},新厂", changed="update")
    sent(colleague, community, "姓名,电话", f"张一,{PHONE}")
    with community.acting() as scope:
        assert forget_old_imports(scope) == 0
        db.session.execute(
            text(
                "UPDATE roster_import SET made_at = now() - interval '31 days',"
                " undo_until = undo_until - interval '31 days'"
            )
        )
    with community.acting() as scope:
        assert forget_old_imports(scope) == 2
    assert rows(community, "SELECT 1 FROM roster_match") == []
    found = rows(community, "SELECT state, file_sealed FROM roster_import ORDER BY id")
    assert found == [("accepted", None), ("discarded", None)]


def test_a_neighbour_cannot_undo(colleague, neighbour, community):
    where = accepted(colleague, community, "姓名,电话", f"张一,{PHONE}")
    assert neighbour.client.post(f"{where}/undo").status_code == 404
