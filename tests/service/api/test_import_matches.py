"""A program decides row by row what becomes of people the register knows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from tenants.database import db
from tests.factories.imports import a_checked_import
from tests.factories.members import a_member

PHONES = ("19900000001", "19900000002", "19900000003")


@pytest.fixture
def import_id(community):
    """张一 and 张二 with other employers, and 李三 who may be 张三."""
    for name, phone in zip(("张一", "张二", "张三"), PHONES, strict=True):
        a_member(community, name=name, phone=phone, address="柳荫路1号", employer="旧厂")
    lines = [
        "姓名,电话,单位,住址",
        f"张一,{PHONES[0]},新厂,柳荫路2号",
        f"张二,{PHONES[1]},新厂,",
        f"李三,{PHONES[2]},新厂,",
    ]
    return a_checked_import(community, "\n".join([*lines, ""]))


def where(who, import_id):
    return f"{who.office.api}/imports/{import_id}/matches"


def got(who, import_id, **query):
    answer = who.program.get(where(who, import_id), query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def decided(who, import_id, *pairs):
    said = {"decisions": [{"id": str(id_), "decision": what} for id_, what in pairs]}
    return who.program.post(where(who, import_id), json=said)


def employers(community):
    with community.acting():
        rows = db.session.execute(text("SELECT name, employer FROM member ORDER BY id"))
        return {name: employer for name, employer in rows}


def test_rows_are_shown_masked_and_the_people_are_told(colleague, community, import_id):
    one, two, three = got(colleague, import_id)["items"]
    assert (one["member_name"], one["row"], one["choices"]) == ("张一", 2, ["update", "skip"])
    changes = {each["field"]: (each["old"], each["new"]) for each in one["changes"]}
    assert changes == {
        "employer": ("旧厂", "新厂"),
        "address": ("柳荫路***", "柳荫路***"),
    }
    assert (three["row_name"], three["standing"], three["sign"]) == (
        "李三",
        "possible",
        "phone_only",
    )
    assert three["choices"] == ["skip", "add", "update"]
    with community.acting():
        acts = db.session.execute(text("SELECT act FROM audit_entry")).scalars().all()
    assert "read_roster_matches" in acts
    assert [each["row_name"] for each in got(colleague, import_id, of="possible")["items"]] == [
        "李三"
    ]
    page = got(colleague, import_id, limit=2)
    after = {f"after_{name}": value for name, value in page["next"].items()}
    rest = got(colleague, import_id, **after)
    assert [each["id"] for each in page["items"] + rest["items"]] == [
        each["id"] for each in (one, two, three)
    ]
    assert rest["next"] is None


def test_single_decisions_go_before_what_is_said_of_all(colleague, community, import_id):
    from tests.factories.jobs import work_off

    one, two, three = got(colleague, import_id)["items"]
    answer = decided(colleague, import_id, (one["id"], "update"), (three["id"], "add"))
    assert (answer.status_code, answer.get_json()["state"]) == (200, "checked")
    assert [each["decision"] for each in got(colleague, import_id)["items"]] == [
        "update",
        "",
        "add",
    ]
    accept = f"{colleague.office.api}/imports/{import_id}/accept"
    assert colleague.program.post(accept, json={"changed": "skip"}).status_code == 200
    work_off(community)
    assert employers(community) == {
        "张一": "新厂",
        "张二": "旧厂",
        "张三": "旧厂",
        "李三": "新厂",
    }
    assert decided(colleague, import_id, (two["id"], "update")).status_code in (404, 409)


def test_one_decision_that_cannot_be_keeps_all_of_them_out(colleague, import_id):
    one, two, _three = got(colleague, import_id)["items"]
    assert decided(colleague, import_id, (one["id"], "skip"), (two["id"], "add")).status_code == 422
    assert decided(colleague, import_id, (one["id"], "skip"), (uuid4(), "skip")).status_code == 404
    assert decided(colleague, import_id, (one["id"], "merge")).status_code == 422
    assert decided(colleague, import_id).status_code == 422
    assert {each["decision"] for each in got(colleague, import_id)["items"]} == {""}


def test_nobody_else_sees_or_decides(outsider, leader, colleague, import_id):
    one, *_others = got(colleague, import_id)["items"]
    for person in (outsider, leader):
        assert person.program.get(where(colleague, import_id)).status_code in (403, 404)
        said = {"decisions": [{"id": one["id"], "decision": "skip"}]}
        answer = person.program.post(where(colleague, import_id), json=said)
        assert answer.status_code in (403, 404)
