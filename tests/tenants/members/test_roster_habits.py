"""What offices do to their tables that no rule foresees: each loses nobody and invents nobody."""

from __future__ import annotations

from datetime import date

import pytest

from tenants.members.roster_rows import UnusableRoster
from tenants.members.rosters import CommunityFacts, read_roster
from tests.factories.rosters import BOUNDARY, COMMUNITY_NAME, csv_bytes, person, table, xlsx_bytes

TODAY = date(2026, 11, 22)
FACTS = CommunityFacts(COMMUNITY_NAME, BOUNDARY)
FIRST, SECOND = "420606197001010018", "420606198001010020"


def read(cells, as_file=csv_bytes, facts=FACTS):
    content = as_file(cells)
    return read_roster(content, "名册", system="wgs84", today=TODAY, community=facts)


def remarks(row):
    return [remark.code for remark in row.remarks]


def test_totals_beside_a_headcount_are_no_people():
    roster = read(
        [
            ["支部", "姓名", "手机"],
            ["一支部", "某甲", "13800000001"],
            ["小计", "1人", ""],
            ["总计", "1", ""],
        ]
    )
    assert [row.name for row in roster.rows] == ["某甲"]
    assert [skip.code for skip in roster.skipped] == ["total", "total"]


@pytest.mark.parametrize(
    "words",
    [
        "柳荫社区流动党员登记表",
        "第二党支部",
        "一支部",
        "1、本表由各支部填写。",
        "柳荫社区党支部（盖章）",
        "2026年11月1日",
        "联系人：某乙",
    ],
)
def test_a_title_a_heading_or_a_note_in_the_column_of_names_is_nobody(words):
    roster = read([["姓名", "手机"], ["某甲", "13800000001"], [words, ""], ["某丙", ""]])
    assert [row.name for row in roster.rows] == ["某甲", "某丙"]
    assert [(skip.number, skip.code) for skip in roster.skipped] == [(3, "note")]


@pytest.mark.parametrize("name", ["买买提·艾力江", "某小组", "Zhang San", "欧阳某某"])
def test_a_long_or_foreign_name_with_anything_else_in_its_row_is_a_person(name):
    assert [row.name for row in read([["姓名", "手机"], [name, "13800000001"]]).rows] == [name]
    assert len(read([["姓名", "手机"], ["买买提·艾力江", ""]]).rows) == 1


def test_a_name_that_a_spreadsheet_wrapped_is_the_name_alone():
    rows = read([["姓名", "手机"], ['="某甲"', "13800000001"], ["'某乙", "13800000002"]]).rows
    assert [row.name for row in rows] == ["某甲", "某乙"]


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", '=HYPERLINK("x")', "@SUM(A1)", "+1", "|x"])
def test_a_formula_is_nobodys_name(name):
    [line] = read([["姓名", "手机"], [name, "13800000001"]]).fault_lines()
    assert line["code"] == "name_unusable"


def test_two_tables_side_by_side_are_refused_before_half_of_them_is_lost():
    cells = [
        ["姓名", "手机", "", "姓名", "手机"],
        ["某甲", "13800000001", "", "某乙", "13800000002"],
    ]
    with pytest.raises(UnusableRoster) as refused:
        read(cells)
    assert refused.value.code == "two_tables"
    assert "第 2 行" in refused.value.sentence
    assert "接到左边的下面" in refused.value.sentence


def test_a_second_column_of_names_that_says_the_same_or_nothing_is_none():
    cells = [
        ["姓名", "手机", "姓名"],
        ["某甲", "13800000001", "某 甲"],
        ["", "13800000002", "某乙"],
    ]
    assert [row.name for row in read(cells).rows] == ["某甲", "某乙"]


@pytest.mark.parametrize(
    ("written", "is_ours"),
    [
        ("柳荫社区", True),
        ("柳蔭社群", True),
        ("柳蔭社區居民委員會", True),
        ("城北街道柳荫社区", True),
        ("某县城北镇柳荫社区居委会", True),
        ("柳阴社区", False),
        ("新柳荫社区", False),
        ("杨柳社区", False),
    ],
)
def test_the_own_community_is_known_however_it_is_written(written, is_ours):
    rows = [person(1), person(2, 所属社区=written)]
    assert [row.status for row in read(table(rows)).rows] == [
        "accepted",
        "accepted" if is_ours else "rejected",
    ]


@pytest.mark.parametrize("header", ["联系电话1", "手机号码2", "电话（1）", "聯絡電話1"])
def test_a_column_of_phones_may_be_counted(header):
    assert read([["姓名", header], ["某甲", "13800000001"]]).rows[0].phone == "13800000001"


def test_the_second_of_two_phone_columns_is_asked_where_the_first_is_empty():
    cells = [["姓名", "联系电话1", "联系电话2"], ["某甲", "", "0710-3551234"]]
    assert read(cells).rows[0].phone == "07103551234"


def test_the_number_of_a_relative_is_taken_and_told_of():
    cells = [["姓名", "手机"], ["某甲", "13800000001（妻）"], ["某乙", "13800000002（本人）"]]
    assert [(row.phone[-1], remarks(row)) for row in read(cells).rows] == [
        ("1", ["phone_of_another"]),
        ("2", []),
    ]


@pytest.mark.parametrize("written", ["儿子13800001111", "138 0000 111", "１３８００００１１１"])
def test_a_phone_that_is_refused_is_not_quoted_in_clear(written):
    [line] = read([["姓名", "手机"], ["某甲", written]]).fault_lines()
    assert line["code"] == "phone_unusable"
    assert "*" in line["sentence"]
    assert not {"138", "１３８"} & {line["sentence"][at : at + 3] for at in range(90)}


def test_to_look_above_is_no_address_and_said():
    row = read([["姓名", "手机", "住址"], ["某甲", "13800000001", "同上"]]).rows[0]
    assert (row.status, row.address, remarks(row)) == ("accepted", "", ["ditto"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"流动类型": "在册", "流入时间": "", "流出时间": "2025.3"}, ["departure_left_out"]),
        ({"流动类型": "在册"}, []),
        ({"流动类型": ""}, ["kind_assumed", "arrival_left_out"]),
        ({"流动类型": "流出", "流入时间": "", "流出时间": "2025.3"}, []),
        ({}, []),
    ],
)
def test_a_movement_that_is_not_entered_is_told_of(changes, said):
    header = ("姓名", "手机", "流动类型", "流入时间", "流出时间")
    assert remarks(read(table([person(1, **changes)], header=header)).rows[0]) == said


def test_rows_of_one_name_and_phone_with_two_numbers_are_two():
    cells = [["姓名", "手机", "身份证号"]]
    cells += [["某甲", "13800000001", number] for number in (FIRST, SECOND)]
    assert [row.status for row in read(cells).rows] == ["accepted", "accepted"]


def test_a_row_that_repeats_somebody_tells_them_by_more_in_later_rows():
    cells = [["姓名", "手机", "身份证号"], ["某甲", "13800000001", ""]]
    cells += [["某甲", "13800000001", FIRST], ["某甲", "", FIRST]]
    roster = read(cells)
    assert [row.status for row in roster.rows] == ["accepted", "duplicate", "duplicate"]
    assert [line["values"]["first"] for line in roster.fault_lines()] == [2, 3]


def test_somebody_on_two_sheets_is_told_of_with_the_sheet():
    one, two = (
        [["姓名", "手机"], ["某甲", "13800000001"]],
        [["姓名", "手机"], ["某甲", "13800000001"]],
    )
    [line] = read(one, lambda cells: xlsx_bytes(cells, two)).fault_lines()
    assert line["code"] == "duplicate_in_sheet"
    assert "与工作表“Sheet”第 2 行是同一个人" in line["sentence"]
