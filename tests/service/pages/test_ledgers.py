"""Ledgers as offices file them, on a page and as a workbook."""

from __future__ import annotations

import io
from datetime import date
from urllib.parse import unquote

import openpyxl
import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.mobility import ledgers
from tenants.mobility.actions import EpisodeDraft, open_episodes
from tests.factories.members import a_member
from tests.service.pages.reading import words

PHONE, ADDRESS = "19900008888", "虚构路8号"


@pytest.fixture
def people(community):
    """One who came, one who left, one who is at home; with names a spreadsheet would compute."""
    known = {"phone": PHONE, "address": ADDRESS, "sex": "女"}
    joined = {"joined_on": date(2015, 3, 1), "joined_precision": "month"}
    came = a_member(community, name="=1+1", affiliation="incoming", **known, **joined)
    left = a_member(community, name="外出甲", branch_id=community.branches[0], **known)
    a_member(community, name="在家乙", phone="", address="")
    with community.acting() as scope:
        open_episodes(
            scope,
            [
                EpisodeDraft(came, "inflow", date(2026, 3, 1), other_place="邻县某区"),
                EpisodeDraft(left, "outflow", None, other_place="@SUM(A1)"),
            ],
        )


def sheet(person, kind):
    answer = person.client.get(f"{person.office.pages}/ledgers/file?of={kind}")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    rows = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
    start = next(at for at, row in enumerate(rows) if row[0] == "序号")
    return answer, [row[0] for row in rows[:start]], rows[start], rows[start + 1 :]


def test_the_inflow_ledger_has_the_columns_offices_file(colleague, community, people):
    answer, above, header, rows = sheet(colleague, "inflow")
    assert header == [
        "序号", "姓名", "性别", "入党时间", "流入时间", "离开时间", "原组织（到区县）", "联系方式",
        "所在支部", "状态",
    ]  # fmt: skip
    assert rows == [
        ["1", "=1+1", "女", "2015年3月", "2026年3月1日", "", "邻县某区", "*******8888", "", "在此"]
    ]
    assert above[0] == f"{community.scope.name} 流入党员台账"
    assert "管理员丙 导出，共 1 行" in above[-1]
    name = unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2])
    assert name.startswith(f"{community.scope.name}-流入党员台账-")


def test_the_outflow_ledger_says_where_to_and_what_is_unknown(colleague, people):
    _answer, _above, header, rows = sheet(colleague, "outflow")
    assert header[4:7] == ["流出时间", "返回时间", "去向（到区县）"]
    assert [row[1:] for row in rows] == [
        ["外出甲", "女", "未知", "未知", "", "@SUM(A1)", "*******8888", "第1支部", "在外"]
    ]


def test_the_register_has_everybody_once(colleague, people):
    _answer, _above, header, rows = sheet(colleague, "register")
    assert header == ["序号", "姓名", "性别", "入党时间", "联系方式", "所在支部", "状态"]
    assert [(row[1], row[-1]) for row in rows] == [
        ("=1+1", "流入党员"),
        ("外出甲", "组织关系在本社区"),
        ("在家乙", "组织关系在本社区"),
    ]


@pytest.mark.parametrize("kind", ledgers.KINDS)
def test_neither_phone_nor_address_leaves_with_it(colleague, community, people, kind):
    answer, above, _header, rows = sheet(colleague, kind)
    page = words(colleague.client.get(f"{community.pages}/ledgers?of={kind}"))
    for found in (str(above), str(rows), page):
        assert PHONE not in found
        assert ADDRESS not in found
    assert "=1+1" in page or kind == "outflow"


def test_every_taking_along_is_written_down(colleague, community, people):
    colleague.client.get(f"{community.pages}/ledgers")
    sheet(colleague, "register")
    with community.acting():
        entries = text(
            "SELECT person_id, facts FROM audit_entry WHERE act = 'export_ledger' ORDER BY id"
        )
        found = db.session.execute(entries).all()
        register = {str(id_) for (id_,) in db.session.execute(text("SELECT id FROM member"))}
    assert [row.person_id for row in found] == [colleague.person_id] * 2
    page, file = (row.facts for row in found)
    assert (page["kind"], page["form"], page["count"], len(page["people"])) == (
        "inflow",
        "page",
        1,
        1,
    )
    assert (file["kind"], file["form"], file["count"]) == ("register", "xlsx", 3)
    assert set(file["people"]) == register


def test_who_stands_in_a_ledger_can_see_that_it_was_taken_along(colleague, community):
    member_id = a_member(community)
    colleague.client.get(f"{community.pages}/ledgers/file?of=register")
    page = words(colleague.client.get(f"{community.pages}/members/{member_id}"))
    assert "管理员丙 导出的台账里有这个人" in page


def test_only_the_administrator_takes_a_ledger_along(leader, officer, outsider, community, people):
    for person in (leader, officer, outsider):
        assert person.client.get(f"{community.pages}/ledgers").status_code == 404
        assert person.client.get(f"{community.pages}/ledgers/file").status_code == 404


def test_a_ledger_that_does_not_exist_is_not_found(colleague, community):
    assert colleague.client.get(f"{community.pages}/ledgers?of=income").status_code == 404


def test_a_ledger_that_grew_too_long_meanwhile_is_refused_in_words(
    colleague, community, people, monkeypatch
):
    monkeypatch.setattr(ledgers, "MOST_ROWS", 2)
    answer = colleague.client.get(f"{community.pages}/ledgers/file?of=register")
    assert answer.status_code == 409
    assert "请让后台来做" in answer.get_data(as_text=True)
