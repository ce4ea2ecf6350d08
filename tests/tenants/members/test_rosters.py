"""A roster as a whole: whatever form it comes in, the same people; whatever is wrong, said so."""

import csv
import io
import random
from datetime import date

import openpyxl
import pytest
import shapely

from geo.coordinates import UnknownSystem
from tenants.members.rosters import CommunityFacts, UnusableRoster, read_roster
from tenants.members.stages import FULL, PROBATIONARY
from tests.factories.rosters import (
    BOUNDARY,
    COMMUNITY_NAME,
    HEADER,
    csv_bytes,
    in_system,
    legacy_xls,
    ods_bytes,
    ods_sheet,
    people,
    person,
    roster_csv,
    roster_xlsx,
    table,
    with_formulas,
    xlsx_bytes,
)

TODAY = date(2026, 11, 21)
FACTS = CommunityFacts(COMMUNITY_NAME, BOUNDARY)


def read(content, system="wgs84", facts=FACTS, **options):
    return read_roster(content, "名册.csv", system=system, today=TODAY, community=facts, **options)


def refusal(content, system="wgs84", facts=FACTS, **options):
    with pytest.raises(UnusableRoster) as caught:
        read(content, system, facts, **options)
    assert "%(" not in caught.value.sentence
    assert caught.value.sentence == str(caught.value)
    return caught.value


def names(roster):
    return [row.name for row in roster.of("accepted")]


EXPECTED = [entry["姓名"] for entry in people(6)]
ROWS = people(6)


@pytest.mark.parametrize(
    "content",
    [
        csv_bytes(table(ROWS), "utf-8"),
        csv_bytes(table(ROWS), "utf-8-sig"),
        csv_bytes(table(ROWS), "gb18030"),
        csv_bytes(table(ROWS), "gbk"),
        csv_bytes(table(ROWS), "utf-16", delimiter="\t"),
        csv_bytes(table(ROWS), "gb18030", delimiter=";"),
        csv_bytes(table(ROWS), "utf-8", delimiter="\t"),
        csv_bytes(table(ROWS, header=HEADER[::-1])),
        csv_bytes(table(ROWS, titles=["柳荫社区流入党员台账", "填报日期:2026年11月21日"])),
        xlsx_bytes(table(ROWS)),
        xlsx_bytes(table(ROWS, titles=["柳荫社区流入党员台账"]), merged=["A1:Q1"]),
        ods_bytes(ods_sheet("花名册", table(ROWS))),
        ods_bytes(ods_sheet("花名册", table(ROWS, titles=["柳荫社区流入党员台账"]))),
    ],
)
def test_every_form_of_the_same_roster_gives_the_same_people(content):
    roster = read(content)
    assert names(roster) == EXPECTED
    assert roster.counts() == {
        "rows": 6, "accepted": 6, "rejected": 0, "duplicates": 0, "skipped": 0,
    }  # fmt: skip
    assert roster.ignored_columns == ("序号",)
    first = roster.rows[0]
    assert (first.kind, first.phone, first.community) == ("inflow", "19900000001", "柳荫社区")
    assert (first.joined.precision, first.birth.precision) == ("month", "day")
    assert first.home.metres_outside == 0.0
    assert first.work is None


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09", "cgcs2000"])
def test_places_are_converted_and_the_raw_numbers_stay(system):
    moved = in_system(ROWS, system)
    for row, written, true in zip(
        read(roster_csv(6, system=system), system).rows, moved, ROWS, strict=True
    ):
        assert (row.home.raw_lon, row.home.raw_lat) == (written["经度"], written["纬度"])
        assert row.home.system == system
        assert row.home.lon == pytest.approx(true["经度"], abs=2e-7)
        assert row.home.lat == pytest.approx(true["纬度"], abs=2e-7)


def test_machine_converted_traditional_headers_are_understood():
    header = ("姓名", "性別", "出生年月", "入黨時間", "聯絡電話", "現居住地", "經度", "緯度",
              "流動類型", "所屬社群")  # fmt: skip
    first = person(1)
    line = [first[c] for c in ("姓名", "性别")] + ["1970.5", "1990年7月", "138 1234 5678", "柳蔭路", first["经度"],
            first["纬度"], "流入黨員", "柳荫社群"]  # fmt: skip
    row = read(csv_bytes([header, line])).rows[0]
    assert row.faults == ()
    assert (row.phone, row.kind, row.birth.on) == ("13812345678", "inflow", date(1970, 5, 1))


def test_a_second_header_row_under_merged_cells():
    cells = [
        ["柳荫社区党员花名册"],
        ["姓名", "联系电话", "住址坐标", None, "流动类型"],
        [None, None, "经度", "纬度", None],
        [person(1)["姓名"], "13812345678", person(1)["经度"], person(1)["纬度"], "流入"],
    ]
    row = read(xlsx_bytes(cells, merged=["C2:D2", "A2:A3", "B2:B3"])).rows[0]
    assert (row.number, row.status, row.phone) == (4, "accepted", "13812345678")
    assert row.home.metres_outside == 0.0


def test_cells_merged_downwards_count_for_each_of_their_rows():
    cells = [["所属社区", "姓名", "手机"], *([COMMUNITY_NAME if n == 1 else None, person(n)["姓名"], None]
             for n in (1, 2, 3))]  # fmt: skip
    assert [row.community for row in read(xlsx_bytes(cells, merged=["A2:A4"])).rows] == [
        COMMUNITY_NAME
    ] * 3


def test_an_old_workbook_is_read_with_its_title_total_and_second_sheet():
    roster = read(legacy_xls())
    assert names(roster) == ["赵安平", "钱秀兰"]
    first = roster.rows[0]
    assert (first.sheet, first.number, first.phone) == ("流入", 3, "19900000001")
    assert (first.joined.on, first.joined.precision) == (date(2015, 3, 1), "day")
    assert (first.home.raw_lon, first.home.raw_lat) == (112.142, 32.042)
    assert [line.code for line in roster.skipped] == ["total"]
    assert roster.ignored_sheets == ("说明",)


def test_a_formula_counts_as_what_the_spreadsheet_last_computed():
    header = ["姓名", "经度", "纬度", "流动类型"]
    cells = [header, ["赵安平", "=112+0.142", "=32+0.042", "流入"]]
    row = read(with_formulas(xlsx_bytes(cells), {"B2": 112.142, "C2": 32.042})).rows[0]
    assert (row.status, row.home.raw_lon, row.home.raw_lat) == ("accepted", 112.142, 32.042)
    never_computed = read(xlsx_bytes(cells)).rows[0]
    assert (never_computed.status, never_computed.home) == ("accepted", None)


def test_the_sheets_of_an_open_document_are_read_and_endless_empty_rows_are_not():
    empty = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    roster = read(
        ods_bytes(
            ods_sheet("流入", table(people(2)), after=empty),
            ods_sheet("流出", table([person(3)]), after=empty),
            ods_sheet("说明", [["请如实填写"]]),
        )
    )
    assert [(row.sheet, row.number) for row in roster.rows] == [
        ("流入", 2),
        ("流入", 3),
        ("流出", 2),
    ]
    assert roster.ignored_sheets == ("说明",)


def test_every_sheet_with_a_header_is_read_and_others_are_named():
    two = read(xlsx_bytes(table(people(2)), table([person(3)]), [["说明"], ["请如实填写"]]))
    assert [(row.sheet, row.number) for row in two.rows] == [
        ("Sheet", 2), ("Sheet", 3), ("Sheet1", 2),
    ]  # fmt: skip
    assert two.ignored_sheets == ("Sheet2",)


def test_totals_footers_blank_lines_and_repeated_headers_are_no_people():
    cells = table(people(2), titles=["台账"])
    cells += [
        [],
        [3],
        list(HEADER),
        ["", "合 计", "2人"],
        ["总计", "", 2],
        ["填表人:某某 审核人:某某"],
    ]
    roster = read(csv_bytes(cells))
    assert roster.counts()["rows"] == 2
    assert [(skip.number, skip.code) for skip in roster.skipped] == [
        (7, "header_repeated"), (8, "total"), (9, "total"), (10, "footer"),
    ]  # fmt: skip
    assert all(skip.msgid for skip in roster.skipped)


def test_row_numbers_are_those_of_the_spreadsheet():
    bad = person(2, 手机="12345")
    cells = table([person(1), {}, bad], titles=["台账", "日期"])
    for content in (csv_bytes(cells), xlsx_bytes(cells)):
        (line,) = read(content).fault_lines()
        assert (line["row"], line["column"], line["code"]) == (6, "手机", "phone_unusable")
        assert "12345" in line["sentence"]


def test_line_breaks_inside_cells_do_not_shift_the_count():
    rows = [person(1, 现居住地="柳荫路1号\n二楼"), person(2, 姓名=None)]
    roster = read(csv_bytes(table(rows)))
    assert roster.rows[0].address == "柳荫路1号 二楼"
    assert [line["row"] for line in roster.fault_lines()] == [3]


def test_the_same_person_twice_is_registered_once_and_points_to_the_first():
    again = person(1, 现居住地="别处", 手机="+86 " + person(1)["手机"])
    by_birth = person(2, 手机=None)
    namesake = person(3, 手机="19912340000", 出生日期="1950-01-01")
    roster = read(csv_bytes(table([person(1), person(2), person(3), again, by_birth, namesake])))
    assert [row.status for row in roster.rows] == ["accepted"] * 3 + ["duplicate"] * 2 + [
        "accepted"
    ]
    assert [(line["row"], line["code"]) for line in roster.fault_lines()] == [
        (5, "duplicate_in_file"), (6, "duplicate_in_file"),
    ]  # fmt: skip
    assert "第 2 行" in roster.fault_lines()[0]["sentence"]
    assert roster.counts()["duplicates"] == 2


def test_a_rejected_row_is_nobodys_first_occurrence():
    roster = read(csv_bytes(table([person(1, 入党时间="2031.1"), person(1)])))
    assert [row.status for row in roster.rows] == ["rejected", "accepted"]


def test_rejected_rows_can_be_handed_back_and_formulas_stay_text():
    evil = "=cmd|'/c calc'!A1"
    roster = read(csv_bytes(table([person(1, 工作单位=evil), person(2, 姓名="@x", 手机="1")])))
    assert roster.rows[0].employer == evil
    assert roster.rows[0].cells == ()
    assert roster.rows[1].cells[1] == "@x"


def test_a_formula_in_a_workbook_is_not_evaluated():
    book = openpyxl.Workbook()
    book.active.append(["姓名", "手机"])
    book.active.append(['=HYPERLINK("x")', "13812345678"])
    content = io.BytesIO()
    book.save(content)
    assert [line["code"] for line in read(content.getvalue()).fault_lines()] == ["name_missing"]


def test_who_lives_outside_is_refused_unless_the_kind_allows_it():
    west = BOUNDARY.bounds[0] - 0.05
    rows = [
        person(1, 经度=west),
        person(2, 经度=west, 流动类型="在册"),
        person(3, 经度=west, 流动类型="外住"),
        person(4, 经度=west, 流动类型="流出"),
        person(5, 经度=west, 工作经度=112.144, 工作纬度=32.045),
        person(6, 经度=None, 纬度=None, 工作经度=west, 工作纬度=32.045),
        person(7, 经度=None, 纬度=None),
        person(8, 经度=None, 纬度=None, 流动类型="流出"),
    ]
    roster = read(csv_bytes(table(rows)))
    assert [(line["row"], line["code"], line["column"]) for line in roster.fault_lines()] == [
        (2, "outside_tenant", "经度"),
        (3, "outside_tenant", "经度"),
        (7, "outside_tenant", "工作经度"),
    ]
    assert "4.7 公里" in roster.fault_lines()[0]["sentence"]
    assert roster.rows[2].home.metres_outside == pytest.approx(4_750, rel=0.02)
    assert roster.rows[6].home is None


def test_without_a_boundary_nobody_is_outside():
    roster = read(roster_csv(5), facts=CommunityFacts(COMMUNITY_NAME))
    assert roster.counts()["accepted"] == 5
    assert roster.rows[0].home.metres_outside is None


def test_classes_are_matched_to_those_the_community_knows():
    facts = CommunityFacts(COMMUNITY_NAME, BOUNDARY, frozenset({"非公企业", "机关"}))
    rows = [
        person(1, 支部类别="機關"),
        person(2, 支部类别="学校"),
        person(3, 支部类别=" 机关 "),
        person(4),
    ]
    roster = read(csv_bytes(table(rows)), facts=facts)
    assert [row.branch_class for row in roster.rows] == ["机关", "", "机关", ""]
    assert [line["code"] for line in roster.fault_lines()] == ["class_unknown"]
    assert read(csv_bytes(table(rows))).counts()["accepted"] == 4


def test_who_is_on_probation_is_read_beside_the_class_and_only_where_it_is_said():
    facts = CommunityFacts(COMMUNITY_NAME, BOUNDARY, frozenset({"机关"}))
    rows = [
        person(1, 党员类别="預備黨員"),
        person(2, 党员类别="正式党员"),
        person(3, 党员类别="预备", 支部类别="机关"),
        person(4, 党员类别=""),
        person(5, 党员类别="离退休党员"),
    ]
    roster = read(csv_bytes(table(rows, header=(*HEADER, "党员类别"))), facts=facts)
    assert [row.stage for row in roster.rows] == [PROBATIONARY, FULL, PROBATIONARY, "", ""]
    assert [row.branch_class for row in roster.rows] == ["", "", "机关", "", ""]
    assert roster.fault_lines() == []


def test_progress_ends_at_the_number_of_rows():
    told = []
    read(roster_csv(7), progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 7)
    assert told[-1] == (7, 7)


def test_unknown_system_is_refused_before_anything_is_read():
    with pytest.raises(UnknownSystem):
        read(b"", system="beijing54")


def as_xls():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def as_locked():
    return as_xls() + "EncryptedPackage".encode("utf-16-le")


def with_stray_cell(where):
    book = openpyxl.load_workbook(io.BytesIO(roster_xlsx(2)))
    book.active[where] = " x"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def xls_with_stray_cell():
    """The total of the fifth row moved into the last corner."""
    content = legacy_xls()
    cell = bytes.fromhex("fd000a0004000000")
    assert content.count(cell) == 1
    return content.replace(cell, bytes.fromhex("fd000a00ffffff00"))


def xls_that_kills_its_reader():
    """A byte or two changed: the library that reads it asks for 160 gigabytes and aborts."""
    content = bytearray(legacy_xls())
    content[3157] = 201
    content[2555] = 77
    return bytes(content)


def ods_with_stray_cell(rows, columns):
    stray = (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell/></table:table-row>'
        f'<table:table-row><table:table-cell table:number-columns-repeated="{columns}"/>'
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    return ods_bytes(ods_sheet("一", table(people(2)), after=stray))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"  \r\n ", "empty_file"),
        (csv_bytes([HEADER]), "empty_file"),
        (csv_bytes([HEADER, [], ["1"]]), "empty_file"),
        (xlsx_bytes([]), "empty_file"),
        (b"%PDF-1.7 ...", "unreadable_file"),
        (b"PK\x03\x04 torn", "unreadable_file"),
        (roster_xlsx(2)[:-300], "unreadable_file"),
        (b"<html><table><tr><td>x</td></tr></table>", "unreadable_file"),
        (as_locked(), "unreadable_file"),
        (as_xls(), "unreadable_file"),
        (legacy_xls()[:2000], "unreadable_file"),
        (csv_bytes([["甲", "乙"], ["1", "2"]]), "unknown_columns"),
        (csv_bytes([["姓名"], ["某某"]]), "unknown_columns"),
        (csv_bytes([["手机", "住址"], ["13812345678", "某处"]]), "unknown_columns"),
        (csv_bytes([["姓名", "经度"], ["某某", "112.1"]]), "unknown_columns"),
        (csv_bytes(table(people(3)), "utf-8").replace("邻".encode(), b"\xe9\x82", 1), "wrong_encoding"),
        (bytes(range(128, 256)) * 4, "wrong_encoding"),
        (with_stray_cell("XFD9999"), "too_large"),
        (xls_with_stray_cell(), "too_large"),
        (xls_that_kills_its_reader(), "unreadable_file"),
        (ods_with_stray_cell(1_048_570, 1), "too_large"),
        (ods_with_stray_cell(9_999, 16_383), "too_large"),
        (ods_bytes(), "empty_file"),
        (ods_bytes(ods_sheet("一", [])), "empty_file"),
        (with_stray_cell("C1048576"), "too_large"),
        (b"x" * (33 * 1024 * 1024), "too_large"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence(content, code):
    found = refusal(content)
    assert found.code == code
    assert found.sentence.endswith("。")


def test_what_reads_like_the_last_corner_of_a_sheet_is_only_a_text():
    address = 'r="XFD1048576" 号'
    roster = read(xlsx_bytes(table([person(1, 现居住地=address)])))
    assert [row.address for row in roster.of("accepted")] == [address]


@pytest.mark.parametrize("seed", range(8))
def test_a_torn_old_workbook_is_read_or_refused(seed):
    draw = random.Random(seed)
    content = bytearray(legacy_xls()[: draw.choice((600, 2_000, 4_000, 9_999))])
    for _ in range(draw.choice((0, 1, 5, 50))):
        content[draw.randrange(8, len(content))] = draw.randrange(256)
    try:
        counts = read(bytes(content)).counts()
    except UnusableRoster as refused:
        assert refused.sentence.endswith("。")
    else:
        assert counts["rows"] == counts["accepted"] + counts["rejected"] + counts["duplicates"]


def test_unknown_columns_names_what_was_found_and_what_is_needed():
    sentence = refusal(csv_bytes([["甲列", "乙列"], ["1", "2"]])).sentence
    assert "甲列、乙列" in sentence
    assert "姓名" in sentence


def test_a_roster_of_another_community_is_refused_and_single_strangers_are_named():
    found = refusal(roster_csv(3, 所属社区="槐树社区"))
    assert (found.code, "槐树社区" in found.sentence) == ("other_community", True)
    mixed = [person(1), person(2, 所属社区="槐树社区"), person(3, 所属社区="柳荫社区居委会"),
             person(4, 所属社区=None), person(5, 所属社区="柳蔭")]  # fmt: skip
    facts = CommunityFacts(COMMUNITY_NAME, BOUNDARY, other_names=frozenset({"柳蔭"}))
    assert [(line["row"], line["code"]) for line in read(csv_bytes(table(mixed)), facts=facts).fault_lines()] == [
        (3, "other_community")
    ]  # fmt: skip


def test_everybody_far_outside_is_another_community_too():
    found = refusal(roster_csv(4, 纬度=32.5, 所属社区=None))
    assert (found.code, found.reason) == ("other_community", "all_outside")
    assert "50.0 公里" in found.sentence
    kept = read(roster_csv(4, 纬度=32.5), system_confirmed=True)
    assert kept.counts()["rejected"] == 4


@pytest.mark.parametrize(
    ("true", "declared"), [("gcj02", "wgs84"), ("bd09", "gcj02"), ("wgs84", "bd09")]
)
def test_the_wrong_system_stops_the_import_until_a_person_decides(true, declared):
    content = roster_csv(30, system=true)
    found = refusal(content, declared)
    assert found.code == "system_mismatch"
    assert found.facts["better_system"] == true
    confirmed = read(content, declared, system_confirmed=True)
    assert confirmed.counts()["rows"] == 30


def test_swapped_columns_stop_the_import_even_when_the_system_is_confirmed():
    header = [{"经度": "纬度", "纬度": "经度"}.get(text, text) for text in HEADER]
    cells = table(people(5))
    for confirmed in (False, True):
        found = refusal(csv_bytes([header, *cells[1:]]), system_confirmed=confirmed)
        assert (found.code, found.facts["swapped"]) == ("columns_swapped", 5)


def test_projected_metres_stop_the_import():
    found = refusal(roster_csv(3, 经度=463500.5, 纬度=3545100.25))
    assert found.code == "projected_metres"


def test_a_quote_that_never_closes_loses_nobody_in_silence():
    text = csv_bytes(table(people(4))).decode()
    lines = text.split("\r\n")
    lines[2] = lines[2].replace("流入", '"流入', 1)
    roster = read("\r\n".join(lines).encode())
    assert {line["code"] for line in roster.fault_lines()} <= {
        "quotes_unbalanced", "text_too_long", "kind_unknown",
    }  # fmt: skip
    assert "quotes_unbalanced" in {line["code"] for line in roster.fault_lines()}
    assert roster.rows[0].status == "accepted"


def test_a_megabyte_in_one_cell_is_one_bad_row():
    roster = read(csv_bytes(table([person(1, 现居住地="长" * 1_000_000), person(2)])))
    (line,) = roster.fault_lines()
    assert (line["row"], line["code"], line["column"]) == (2, "text_too_long", "现居住地")
    assert csv.field_size_limit() >= 1_000_000


def test_a_boundary_in_two_parts_measures_to_the_nearer():
    far = shapely.box(112.30, 32.04, 112.31, 32.05)
    facts = CommunityFacts(COMMUNITY_NAME, BOUNDARY.union(far))
    rows = [person(1), person(2, 经度=112.29, 纬度=32.045)]
    line = read(csv_bytes(table(rows)), facts=facts).fault_lines()[0]
    assert "944 米" in line["sentence"]
