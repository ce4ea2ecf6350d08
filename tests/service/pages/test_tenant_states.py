"""A tenant paused, closed, opened again, moved, limited, taken away and erased."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from tenants.administration.moving import carrying_an_area
from tenants.area import area_number
from tenants.database import db
from tenants.organisations.actions import open_tenant
from tenants.people.door import person_by_email
from tenants.scope import entered
from tests.factories.arrivals import a_proposed_arrival
from tests.factories.counties import Office, a_community, beside
from tests.factories.jobs import work_off
from tests.factories.members import a_member, some_members
from tests.factories.people import a_leader, a_person
from tests.service.pages.reading import words
from tests.tenants.test_isolation import connected
from tests.workers.test_relay import plain
from workers.relay import fill_timetable


def told(county_admin, community, act, **form):
    """The page after the county did something to the community."""
    page = f"{county_admin.office.pages}/administration/{community.slug}/{act}"
    return words(county_admin.client.post(page, data=form, follow_redirects=True))


def changed(community, what: str) -> None:
    """The tenant's row, as time would have changed it."""
    with community.county.acting():
        db.session.execute(text(f"UPDATE tenant SET {what} WHERE id = {community.tenant_id}"))


def test_a_paused_tenant_is_read_and_not_changed_until_it_goes_on(
    county_admin, colleague, community
):
    assert "已暂停" in told(county_admin, community, "pause", reason="年度核对")
    assert colleague.client.get(f"{community.pages}/members").status_code == 200
    refused = colleague.client.post(f"{community.pages}/people", data={})
    assert refused.status_code == 409
    assert "现在只能看，不能改" in words(refused)
    by_program = colleague.program.post(f"{community.api}/arrivals", json={})
    assert by_program.status_code == 409
    assert by_program.json["code"] == "paused"
    leader = a_leader(community)
    ended = colleague.client.post(f"{community.pages}/people/{leader.scope.standing_id}/end")
    assert ended.status_code == 302
    assert "已恢复" in told(county_admin, community, "resume")
    assert colleague.client.post(f"{community.pages}/people", data={}).status_code == 422


def test_the_timetable_passes_a_paused_tenant_by(app, community):
    changed(community, "paused_at = now()")
    with psycopg.connect(plain("WANGGE_DISPATCH_URL")) as connection:
        fill_timetable(connection, datetime.now(UTC) + timedelta(days=300))
        kinds = connection.execute(
            "SELECT kind FROM job_request WHERE tenant_id = %s AND state = 'queued'",
            (community.tenant_id,),
        ).fetchall()
        connection.rollback()
    assert ("sweep_arrivals",) not in kinds
    assert ("count_tenant",) in kinds


def test_pausing_needs_a_reason_and_closing_twice_is_told(county_admin, community):
    assert "请写明原因" in told(county_admin, community, "pause", reason=" ")
    assert "已关闭" in told(county_admin, community, "close", reason="合并")
    assert "状态刚刚变了" in told(county_admin, community, "close", reason="合并")


def test_a_closed_tenant_keeps_its_export_and_can_be_opened_again(
    county_admin, colleague, community
):
    told(county_admin, community, "close", reason="合并")
    refused = colleague.client.get(f"{community.pages}/members")
    assert refused.status_code == 409
    assert "本单位已关闭" in words(refused)
    assert "数据保留到" in words(colleague.client.get(f"{community.pages}/export"))
    assert colleague.client.post(f"{community.pages}/export").status_code == 302
    assert "已重新开通" in told(county_admin, community, "reopen")
    assert colleague.client.get(f"{community.pages}/members").status_code == 200


def exported(colleague, community) -> dict[str, str]:
    """Names and contents of what the export holds."""
    colleague.client.post(f"{community.pages}/export")
    assert "failed" not in work_off(community)
    page = colleague.client.get(f"{community.pages}/export").get_data(as_text=True)
    href = page.split('href="')
    (path,) = {part.split('"')[0] for part in href if part.split('"')[0].endswith("/file")}
    content = colleague.client.get(path).data
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_the_export_holds_every_row_and_opens_what_is_sealed(colleague, community):
    a_member(community, name="=独特姓名", phone="13900001111", home=community.inside(1))
    files = exported(colleague, community)
    (member,) = csv.DictReader(io.StringIO(files["member.csv"]))
    assert member["name"] == "'=独特姓名"
    assert member["phone"] == "13900001111"
    assert "phone_blind" not in member
    feature = json.loads(files["member.geojson"])["features"][0]
    assert feature["geometry"]["type"] == "Point"
    assert len(list(csv.DictReader(io.StringIO(files["grid_cell.csv"])))) == 4
    assert "tenant_key.csv" not in files
    assert "导出" in files["请先读我.txt"] or "全部数据" in files["请先读我.txt"]


def test_the_export_of_a_closed_tenant_is_still_made(county_admin, colleague, community):
    a_member(community)
    told(county_admin, community, "close", reason="合并")
    assert "member.csv" in exported(colleague, community)


def rows_left(community) -> dict[str, int]:
    """Rows of the tenant in each table, asked past the application."""
    with connected("APP", community.scope) as connection:
        return {
            table.name: connection.exec_driver_sql(
                f'SELECT count(*) FROM "{table.name}" WHERE tenant_id = {community.tenant_id}'
            ).scalar_one()
            for table in db.metadata.sorted_tables
            if "tenant_id" in table.columns
        }


def test_a_closed_tenant_is_erased_when_its_term_is_over(app, county_admin, community):
    a_proposed_arrival(community)
    somebody = a_leader(community)
    elsewhere = a_community(community.county, centre=beside(community))
    a_member(elsewhere)
    before = rows_left(elsewhere)
    told(county_admin, community, "close", reason="合并")
    with psycopg.connect(plain("WANGGE_DISPATCH_URL")) as connection:
        fill_timetable(connection, datetime.now(UTC))
        early = connection.execute(
            "SELECT count(*) FROM job_request WHERE kind = 'erase_tenant' AND tenant_id = %s",
            (community.tenant_id,),
        ).fetchone()
        connection.rollback()
    assert early == (0,)
    changed(community, "erase_on = CURRENT_DATE")
    with psycopg.connect(plain("WANGGE_DISPATCH_URL"), autocommit=True) as connection:
        fill_timetable(connection, datetime.now(UTC))
    assert work_off(Office(app, community.scope)) == ["done"]
    left = {name for name, count in rows_left(community).items() if count}
    assert left <= {"audit_entry", "audit_link"}
    assert rows_left(elsewhere) | {"job_request": 0} == before | {"job_request": 0}
    with app.app_context():
        assert person_by_email(somebody.email) is None
    assert (
        county_admin.client.get(
            f"{community.county.pages}/administration/{community.slug}"
        ).status_code
        == 404
    )
    with community.county.acting():
        facts = db.session.execute(
            text("SELECT facts FROM audit_entry WHERE act = 'erase_tenant'")
        ).scalar_one()
    assert facts["tenant"] == community.tenant_id
    assert facts["rows"]["member"] == 1


def test_nothing_is_erased_of_a_tenant_that_is_open(community):
    a_member(community)
    with connected("APP", community.scope) as connection, pytest.raises(Exception, match="term"):
        connection.exec_driver_sql("SELECT door_erase('member')")


# Moving


@pytest.fixture
def other_township(county):
    with county.app.app_context(), entered(county.scope):
        scope = open_tenant(
            county.scope,
            "township",
            area_number(county.number, 2),
            f"town-{county.number}-2",
            "另一镇",
        )
        db.session.commit()
    return Office(county.app, scope)


def areas_of(community) -> dict[str, set[int]]:
    """The areas that the tenant's rows carry, table by table."""
    with community.acting():
        return {
            table.name: set(
                db.session.execute(
                    text(f'SELECT DISTINCT area FROM "{table.name}" WHERE tenant_id = app_tenant()')
                ).scalars()
            )
            for table in carrying_an_area()
        }


def affiliated(county_admin, name: str) -> str:
    page = words(county_admin.client.get(f"{county_admin.office.pages}/tenants"))
    return page.split(name)[1][:40]


def test_a_community_moves_with_every_row_and_its_counts(
    county, county_admin, community, colleague, other_township
):
    some_members(community, 3)
    a_proposed_arrival(community)
    work_off(community)
    told(county_admin, community, "pause", reason="区划调整")
    changed(community, "paused_at = now() - interval '2 minutes'")
    found = told(county_admin, community, "move", township=str(other_township.scope.area))
    assert "已移过去" in found
    after = area_number(county.number, 2, 1)
    carried = areas_of(community)
    assert {area for areas in carried.values() for area in areas} == {after}
    assert carried["member"]
    with county.acting():
        assert (
            db.session.execute(
                text("SELECT area FROM tenant WHERE id = :id"), {"id": community.tenant_id}
            ).scalar_one()
            == after
        )
    told(county_admin, community, "resume")
    assert colleague.client.get(f"{community.pages}/members").status_code == 200
    old, new = (
        a_person(office, "upper_officer").client.get(f"{office.pages}/tenants")
        for office in (county.township, other_township)
    )
    assert "虚构社区" not in words(old)
    assert "虚构社区" in words(new)


def test_a_move_waits_until_nobody_can_still_be_writing(county_admin, community, other_township):
    form = {"township": str(other_township.scope.area)}
    assert "请先暂停它" in told(county_admin, community, "move", **form)
    told(county_admin, community, "pause", reason="区划调整")
    assert "满一分钟" in told(county_admin, community, "move", **form)
    changed(community, "paused_at = now() - interval '2 minutes'")
    a_proposed = community.scope.area
    assert "请选择另一个" in told(county_admin, community, "move", township="1")
    assert areas_of(community)["boundary"] == {a_proposed}


# Limits


def test_limits_are_shown_changed_and_kept(county_admin, colleague, community):
    some_members(community, 2)
    page = f"{county_admin.office.pages}/administration/{community.slug}"
    assert "名册里的人 2 50,000" in words(county_admin.client.get(page))
    form = {"most_members": 2, "most_imports_an_hour": 1, "most_megabytes": 1}
    assert "限额已保存" in told(county_admin, community, "limits", **form)
    refused = colleague.program.post(f"{community.api}/arrivals", json={"name": "多出一人"})
    assert refused.status_code == 409
    assert "最多 2 人" in refused.json["title"]

    def upload():
        form = {"system": "wgs84", "file": (io.BytesIO("姓名\n甲".encode()), "名册.csv")}
        return colleague.client.post(f"{community.pages}/imports", data=form)

    assert upload().status_code == 302
    again = upload()
    assert again.status_code == 429
    assert "一小时内最多导入 1 次" in words(again)
    changed(community, "most_imports_an_hour = 2")
    with community.acting():
        db.session.execute(
            text("UPDATE roster_import SET file_sealed = decode(repeat('00', 1000000), 'hex')")
        )
    assert "最多 1 MB" in words(upload())
    zero = county_admin.client.post(f"{page}/limits", data=form | {"most_members": 0})
    assert zero.status_code == 422


def test_only_the_county_changes_states(township_officer, colleague, community):
    for cast in (township_officer, colleague):
        page = f"{cast.office.pages}/administration/{community.slug}/pause"
        assert cast.client.post(page, data={"reason": "x"}).status_code == 404
    assert date.today()
