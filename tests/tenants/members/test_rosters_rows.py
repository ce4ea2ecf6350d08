"""Each way a row can be wrong, and the equation that nothing is lost for any junk."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.members.roster_sentences import ROW_SENTENCES
from tenants.members.rosters import CommunityFacts, UnusableRoster, read_roster
from tests.factories.rosters import (
    BOUNDARY,
    COMMUNITY_NAME,
    HEADER,
    csv_bytes,
    person,
    table,
    xlsx_bytes,
)

TODAY = date(2026, 11, 21)
FACTS = CommunityFacts(COMMUNITY_NAME, BOUNDARY, frozenset({"机关", "非公企业"}))
GOOD = [person(number) for number in range(101, 106)]


def read(content):
    return read_roster(content, "名册", system="wgs84", today=TODAY, community=FACTS)


BAD_ROWS = [
    ({"姓名": None}, "name_missing", "姓名"),
    ({"姓名": " / "}, "name_missing", "姓名"),
    ({"姓名": "3人"}, "name_unusable", "姓名"),
    ({"姓名": "-2+3"}, "name_unusable", "姓名"),
    ({"姓名": "某甲、某乙"}, "two_names", "姓名"),
    ({"姓名": "某甲/某乙"}, "two_names", "姓名"),
    ({"党员类别": "入党积极分子"}, "not_a_member", "党员类别"),
    ({"党员类别": "發展對象"}, "not_a_member", "党员类别"),
    ({"姓名": "张\x07三"}, "control_characters", "姓名"),
    ({"现居住地": "路\u202e倒"}, "control_characters", "现居住地"),
    ({"姓名": "长" * 61}, "text_too_long", "姓名"),
    ({"工作单位": "长" * 81}, "text_too_long", "工作单位"),
    ({"手机": "9" * 100}, "text_too_long", "手机"),
    ({"手机": "12345"}, "phone_unusable", "手机"),
    ({"出生日期": "1970-02-30"}, "date_impossible", "出生日期"),
    ({"出生日期": "2027-01-01"}, "date_impossible", "出生日期"),
    ({"出生日期": "2015-01-01"}, "date_impossible", "出生日期"),
    ({"出生日期": "1990", "入党时间": "1989.12"}, "date_impossible", "入党时间"),
    ({"入党时间": "2027"}, "date_impossible", "入党时间"),
    ({"流入时间": "2028.1"}, "date_impossible", "流入时间"),
    ({"流动类型": "积极分子"}, "kind_unknown", "流动类型"),
    ({"支部类别": "学校"}, "class_unknown", "支部类别"),
    ({"所属社区": "槐树社区"}, "other_community", "所属社区"),
    ({"经度": None}, "coordinates_incomplete", "经度"),
    ({"纬度": None}, "coordinates_incomplete", "纬度"),
    ({"工作经度": 112.14}, "coordinates_incomplete", "工作纬度"),
    ({"经度": "东边"}, "coordinates_impossible", "经度"),
    ({"纬度": "北边"}, "coordinates_impossible", "纬度"),
    ({"经度": 463500.5}, "coordinates_impossible", "经度"),
    ({"经度": 200, "纬度": 32.04}, "coordinates_impossible", "经度"),
    ({"经度": "1e400"}, "coordinates_impossible", "经度"),
    ({"经度": "nan"}, "coordinates_incomplete", "经度"),
    ({"经度": 32.045, "纬度": 112.144}, "coordinates_swapped", "经度"),
    ({"工作经度": 32.045, "工作纬度": 112.144}, "coordinates_swapped", "工作经度"),
    ({"经度": 0, "纬度": 0}, "zero_point", "经度"),
    ({"经度": 112.2}, "outside_tenant", "经度"),
    ({"流动类型": "流出", "经度": 0, "纬度": 0}, "zero_point", "经度"),
]


@pytest.mark.parametrize("as_file", [csv_bytes, xlsx_bytes])
@pytest.mark.parametrize(("changes", "code", "column"), BAD_ROWS)
def test_a_bad_row_is_reported_by_code_column_and_sentence(changes, code, column, as_file):
    if as_file is xlsx_bytes and code == "control_characters" and "姓名" in changes:
        pytest.skip("a workbook cannot hold that character")
    header = [*HEADER, *(name for name in changes if name not in HEADER)]
    roster = read(as_file(table([*GOOD, person(1, **changes)], header=header)))
    assert [(line["row"], line["code"], line["column"]) for line in roster.fault_lines()] == [
        (7, code, column)
    ]
    assert roster.counts()["accepted"] == 5
    sentence = roster.fault_lines()[0]["sentence"]
    assert "%(" not in sentence
    assert "None" not in sentence


def test_the_table_above_leaves_no_code_untried():
    # In test_rosters.py and test_roster_habits.py.
    elsewhere = {"duplicate_in_file", "duplicate_in_sheet", "quotes_unbalanced"}
    assert {code for _, code, _ in BAD_ROWS} | elsewhere == set(ROW_SENTENCES)


def test_all_faults_of_a_row_are_told_at_once():
    bad = person(1, 姓名=None, 手机="1", 出生日期="x", 经度=None)
    roster = read(csv_bytes(table([*GOOD, bad])))
    assert {line["code"] for line in roster.fault_lines()} == {
        "name_missing", "phone_unusable", "date_impossible", "coordinates_incomplete",
    }  # fmt: skip
    assert roster.counts()["rejected"] == 1


def test_remarks_reject_nothing():
    odd = person(1, 性别="1", 流动类型=None, 手机="13812345678/13912345678", 入党时间=2015.1)
    row = read(xlsx_bytes(table([odd]))).rows[0]
    assert row.status == "accepted"
    assert {remark.code for remark in row.remarks} == {
        "sex_unknown", "kind_assumed", "further_phones", "month_ambiguous", "arrival_left_out",
    }  # fmt: skip
    assert all(remark.sentence.endswith("。") for remark in row.remarks)


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["合计", "姓名", "流入", "流出", "=1+1", "0", "112.144", "32.045", "13812345678", "\x00", "无",
         "2015.3", "柳荫社区", "\n,,,\n", '"', "填表人", "1e9", "某某"]
    ),
    st.integers(-(10**6), 10**6),
)  # fmt: skip


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    junk=st.lists(st.lists(CELLS, max_size=20), max_size=8),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]),
)
def test_whatever_stands_below_the_header_every_row_is_accounted_for(junk, encoding):
    text = csv_bytes([HEADER, *junk], "utf-8").decode("utf-8", "replace")
    content = text.encode(encoding, "replace")
    try:
        roster = read(content)
    except UnusableRoster as fault:
        assert "%(" not in fault.sentence
        return
    counts = roster.counts()
    assert counts["rows"] == counts["accepted"] + counts["rejected"] + counts["duplicates"]
    filled = [[str(cell).strip() for cell in row if cell is not None] for row in junk]
    in_known_columns = [any(str(c).strip() for c in row[1:17] if c is not None) for row in junk]
    assert sum(in_known_columns) <= counts["rows"] + counts["skipped"]
    assert counts["rows"] + counts["skipped"] <= sum(any(row) for row in filled)
    for row in roster.rows:
        assert bool(row.faults) == (row.status != "accepted")
    for line in roster.fault_lines():
        assert 2 <= line["row"] <= len(junk) + 1
        assert line["sentence"]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_rows_or_in_one_sentence(content):
    try:
        read(content)
    except UnusableRoster as fault:
        assert fault.sentence
