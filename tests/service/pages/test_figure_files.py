"""One's own figures and the county's as files: definitions, parts with "unknown", what was reported."""

from __future__ import annotations

import io
from datetime import date
from urllib.parse import unquote

import openpyxl
import pytest
from pypdf import PdfReader

from tenants.organisations.actions import keep_reported_figure
from tests.factories.figures import counted
from tests.factories.members import a_member, some_members
from tests.service.pages.reading import words


def reported(office, *figures):
    with office.acting() as scope:
        for figure in figures:
            keep_reported_figure(scope, *figure)


def on_paper(person, path):
    answer = person.client.get(f"{person.office.pages}{path}")
    assert answer.content_type == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return answer, "".join("".join(page.extract_text() for page in pages).split())


def workbook(person, path):
    answer = person.client.get(f"{person.office.pages}{path}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert not [
        cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"
    ]
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book}


@pytest.fixture
def of_2015(community):
    """Domain T9 in small: nobody knows the age of two; the report leaves them out."""
    some_members(community, 5, born_on=date(1950, 3, 1), born_precision="day", sex="女")
    some_members(community, 2)
    counted(community)
    day = date(2015, 5, 20)
    reported(
        community,
        ("members.total", "7", "", day),
        ("members.age_under_50", "0", "", day),
        ("members.age_50_to_59", "0", "", day),
        ("members.age_60_and_over", "5", "", day),
        ("households.center", "", "原报告是“？？ 个”", day),
        ("other", "=1+1", "@SUM(A1)", day),
    )


def test_a_community_has_all_of_it_on_paper(colleague, community, of_2015):
    answer, said = on_paper(colleague, "/figures/file?form=pdf")
    name = unquote(answer.headers["Content-Disposition"])
    assert f"{community.scope.name}-数字-{date.today():%Y%m%d}.pdf" in name
    for expected in (
        "组织关系在这里、没有转走的党员。", "直管党员的构成", "年龄50岁以下：0，50至59岁：0，60岁及以上：5，不详：27", "四个数各数各的",
        "一年来的走势", "上报的数字与系统的数字", "按年龄分的几项相加是5，少2。", "2015年5月20日上报",
        "党员中心户数原报告是“？？个”", "空白无从计算", "管理员丙", "第1页",
    ):  # fmt: skip
        assert expected in said
    assert "60岁及以上2015年5月20日上报55一致" in said


def test_a_workbook_counts_with_numbers_and_computes_nothing(colleague, community, of_2015):
    found = workbook(colleague, "/figures/file")
    assert list(found) == ["数字", "直管党员的构成", "一年来的走势", "上报的数字"]
    assert ["直管", 7] in [row[:2] for row in found["数字"]]
    assert ["年龄", "不详", 2] in [row[:3] for row in found["直管党员的构成"]]
    [other] = [row for row in found["上报的数字"] if row[1] == "其他"]
    assert other[2:4] == ["@SUM(A1)，2015年5月20日上报", "=1+1"]
    with_it = openpyxl.load_workbook(
        io.BytesIO(colleague.client.get(f"{community.pages}/figures/file").data)
    )
    sheet = with_it["上报的数字"]
    assert "管理员丙" in sheet.oddFooter.left.text
    assert sheet.print_title_rows


def test_what_a_figure_is_and_how_it_is_read_stand_apart(colleague, community):
    """A reading used to take the place of the figure's own name."""
    some_members(community, 33)
    counted(community)
    pages = f"{community.pages}/figures"
    for key, value, how in (
        ("members.affiliated", "33", ""),
        ("mobility.in", "4", ""),
        ("mobility.out", "9", "9 人含在 33 人内"),
    ):
        colleague.client.post(
            f"{pages}/reported", data={"key": key, "value": value, "reading": how}
        )
    found = words(colleague.client.get(pages))
    assert "流出党员 9 人含在 33 人内 9 0 上报多 9" in found
    assert "直管党员 33 33 一致" in found
    assert "流出的含在直管内，在本地是 28；不含，直管共 42，在本地是 37。" in found


def test_a_growth_is_read_both_ways_on_the_page_and_on_paper(county_admin, community):
    """Domain T8, Q2."""
    counted(community)
    reported(
        community.county,
        ("mobility.out", "24"),
        ("mobility.in", "91"),
        ("mobility.growth_percent", "+158%"),
    )
    expected = (
        "增长幅度“+158%”，读作“增长了”：没有一个整数的上期数对得上；"
        "读作“达到上期的”：流入与流出合计 115，上期是 73。"
    )
    for path in ("/tenants", "/figures"):
        assert expected in words(county_admin.client.get(f"{community.county.pages}{path}"))
        _answer, said = on_paper(county_admin, f"{path}/file?form=pdf")
        assert "".join(expected.split()) in said
    found = workbook(county_admin, "/tenants/file")
    assert any(expected in str(row[0]) for row in found["上报的数字"])


def test_the_countys_paper_says_who_took_it_and_tells_sums_from_parts(county_admin, community):
    some_members(community, 8)
    a_member(community, name="独特姓名甲")
    counted(community)
    _answer, said = on_paper(county_admin, "/tenants/file?form=pdf")
    assert "虚构县各社区的数字：人员" in said
    assert "县干部己" in said
    assert "虚构县本级" in said
    assert "独特姓名" not in said
    found = workbook(county_admin, "/tenants/file")
    assert ["虚构社区", 9] in [row[:2] for row in found["虚构县"]]


def test_a_community_that_was_never_counted_says_so(colleague, community):
    _answer, said = on_paper(colleague, "/figures/file?form=pdf")
    assert "还没有统计过" in said


def test_reports_of_townships_that_are_not_laid_out_stay_with_them(
    county_admin, community, monkeypatch
):
    """A county of two thousand communities does not print all their reports at once."""
    some_members(community, 12)
    counted(community)
    reported(community, ("members.affiliated", "33"))
    monkeypatch.setattr("tenants.oversight.lookups.MOST_OPEN", 0)
    pages = f"{community.county.pages}/tenants"
    assert "上报多 21" not in words(county_admin.client.get(pages))
    township = community.county.township.scope.area
    assert "上报多 21" in words(county_admin.client.get(f"{pages}?township={township}"))
