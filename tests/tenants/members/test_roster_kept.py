"""What a check read comes out of its bytes as it went in, or not at all."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import shapely

from tenants.members import roster_kept
from tenants.members.roster_kept import packed, unpacked
from tenants.members.roster_remarks import passed_over
from tenants.members.rosters import CommunityFacts, read_roster
from tests.factories.rosters import (
    BOUNDARY,
    COMMUNITY_NAME,
    csv_bytes,
    in_system,
    people,
    person,
    table,
    xlsx_bytes,
)

TODAY = date(2026, 11, 22)
FACTS = CommunityFacts(COMMUNITY_NAME, BOUNDARY, frozenset({"机关", "企业"}))
MESSY = [
    person(1, 工作经度=112.143, 工作纬度=32.044, 支部类别="企业"),
    person(2, 出生日期="1990-02-30", 性别="?"),
    person(3, 手机="19900000003 19900000004", 入党时间="2015"),
    person(1),
    person(5, 经度=None, 纬度=None, 出生日期=None, 流动类型="流出", 流入时间=None),
    person(6, 支部类别="没有的类别"),
    person(7, 姓名="合计"),
]


def read(content, facts=FACTS, system="wgs84"):
    return read_roster(content, "名册", system=system, today=TODAY, community=facts)


def with_a_hidden_sheet():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(table(MESSY))))
    sheet = book.create_sheet("去年")
    sheet.append(["姓名", "手机"])
    sheet.append(["某甲", "13800000001"])
    sheet.sheet_state = "hidden"
    book.create_sheet("说明").append(["每季度报一次"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "roster",
    [
        read(csv_bytes(table(MESSY))),
        read(xlsx_bytes(table(MESSY))),
        read(csv_bytes(table(in_system(people(9), "gcj02"))), system="gcj02"),
        read(csv_bytes(table(MESSY)), CommunityFacts(COMMUNITY_NAME)),
        read(with_a_hidden_sheet()),
    ],
    ids=["csv", "xlsx", "gcj02", "no boundary", "hidden sheet"],
)
def test_it_comes_out_as_it_went_in(roster):
    again = unpacked(packed(roster, FACTS), FACTS)
    assert again == roster
    assert again.fault_lines() == roster.fault_lines()
    assert [hash(row.birth) for row in again.rows] == [hash(row.birth) for row in roster.rows]


def test_the_messy_one_has_something_of_everything():
    roster = read(csv_bytes(table(MESSY)))
    counts = roster.counts()
    assert all(counts[name] for name in ("accepted", "rejected", "duplicates", "skipped")), counts
    assert roster.ignored_columns
    assert read(with_a_hidden_sheet()).hidden_sheets == ("去年",)
    assert any(row.remarks for row in roster.rows)
    assert any(row.work for row in roster.rows)


@pytest.mark.parametrize(
    "other",
    [
        replace(FACTS, name="槐树社区"),
        replace(FACTS, boundary=shapely.box(112.14, 32.04, 112.149, 32.05)),
        replace(FACTS, boundary=None),
        replace(FACTS, branch_classes=frozenset({"机关"})),
        replace(FACTS, other_names=frozenset({"柳荫"})),
    ],
)
def test_judged_against_other_facts_it_is_of_no_use(other):
    roster = read(csv_bytes(table(MESSY)))
    assert unpacked(packed(roster, other), FACTS) is None


def test_packed_in_another_form_it_is_of_no_use(monkeypatch):
    roster = read(csv_bytes(table(MESSY)))
    earlier = packed(roster, FACTS)
    monkeypatch.setattr(roster_kept, "_FORM", ("sheet", "number"))
    assert unpacked(earlier, FACTS) is None


def test_what_nobody_reads_of_a_file_is_named():
    assert passed_over(read(with_a_hidden_sheet())) == {
        "sheets": ["说明"],
        "hidden": ["去年"],
        "columns": ["序号"],
        "rows": [{"code": "total", "count": 1, "rows": [["Sheet", 8]]}],
    }
