"""Many tenants from one spreadsheet: the dry run by row, the opening as a whole, the links."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
import shapely
from sqlalchemy import text

from tenants.database import db
from tests.factories.counties import a_community
from tests.factories.jobs import work_off
from tests.factories.people import PASSWORD, a_browser
from tests.service.pages.reading import words

HEADER = ["级别", "名称", "短名", "乡镇", "边界", "管理员", "管理员邮箱"]


def square(column: int, row: int = 0) -> str:
    """A hundredth of a degree, the squares side by side."""
    return shapely.box(
        113 + column / 100, 28 + row / 100, 113.01 + column / 100, 28.01 + row / 100
    ).wkt


def as_csv(rows) -> bytes:
    sheet = io.StringIO()
    csv.writer(sheet).writerows([HEADER, *rows])
    return ("\ufeff" + sheet.getvalue()).encode()


def as_xlsx(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def uploaded(county_admin, content: bytes, name: str = "单位.csv"):
    """The page of the spreadsheet after its dry run."""
    form = {"file": (io.BytesIO(content), name), "system": "cgcs2000", "pack": "national-2024"}
    pages = f"{county_admin.office.pages}/administration/many"
    answer = county_admin.client.post(pages, data=form)
    assert answer.status_code == 302, words(answer)
    work_off(county_admin.office)
    return answer.headers["Location"]


def names(county) -> set[str]:
    with county.acting():
        return set(db.session.execute(text("SELECT name FROM tenant")).scalars())


@pytest.mark.parametrize(("write", "name"), [(as_csv, "单位.csv"), (as_xlsx, "单位.xlsx")])
def test_a_county_is_opened_from_a_spreadsheet(app, county, county_admin, write, name):
    tag = county.number
    rows = [
        ["社区", "甲社区", f"jia-{tag}", "东镇", square(0), "虚构甲", f"jia-{tag}@example.invalid"],
        ["社区", "乙社区", "", "东镇", square(1), "", ""],
        ["社区", "丙社区", "", "虚构镇", "", "", ""],
        ["乡镇", "东镇", f"dong-{tag}", "", "", "虚构镇长", f"dong-{tag}@example.invalid"],
    ]
    page = uploaded(county_admin, write(rows), name)
    shown = words(county_admin.client.get(page))
    assert "可以开通" in shown
    assert "要改的地方" not in shown
    assert names(county) == {"虚构县", "虚构镇"}
    county_admin.client.post(f"{page}/accept")
    assert work_off(county_admin.office) == ["done"]
    assert names(county) == {"虚构县", "虚构镇", "东镇", "甲社区", "乙社区", "丙社区"}
    assert "开通了 4 个单位" in words(county_admin.client.get(page))
    fetched = county_admin.client.post(f"{page}/links")
    book = openpyxl.load_workbook(io.BytesIO(fetched.data))
    lines = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert sorted(line[0] for line in lines) == ["东镇", "甲社区"]
    link = next(line[4] for line in lines if line[0] == "甲社区")
    browser = a_browser(app)
    path = re.search(r"/invitations/.*", link)[0]
    assert browser.post(path, data={"password": PASSWORD}).status_code == 302
    again = county_admin.client.post(f"{page}/links", follow_redirects=True)
    assert "已经下载过了" in words(again)
    with county.acting():
        areas = dict(db.session.execute(text("SELECT name, area % 1000000 FROM tenant")).all())
    assert areas["东镇"] == 2_000
    assert {areas["甲社区"], areas["乙社区"]} == {2_001, 2_002}


def test_every_fault_is_told_by_its_row_and_the_others_are_opened(county, county_admin):
    a_community(county, name="老社区", centre=(113.505, 28.505))
    rows = [
        ["社区", "好社区", "", "虚构镇", square(0), "", ""],
        ["大队", "甲", "", "虚构镇", "", "", ""],
        ["社区", "", "", "虚构镇", "", "", ""],
        ["社区", "乙", "", "没有这个镇", "", "", ""],
        ["社区", "丙", "大写 X", "虚构镇", "", "", ""],
        ["社区", "丁", county.slug, "虚构镇", "", "", ""],
        ["社区", "戊", "", "虚构镇", "POLYGON((113 28, 113.1 28.1, 113.1 28, 113 28.1, 113 28))", "", ""],
        ["社区", "己", "", "虚构镇", shapely.box(113.5, 28.5, 113.51, 28.51).wkt, "", ""],
        ["社区", "庚", "", "虚构镇", "", "只有名字", ""],
        ["社区", "辛", "", "虚构镇", "", "名字", "不是邮箱"],
        ["社区", "好社区", "", "虚构镇", "", "", ""],
    ]  # fmt: skip
    page = uploaded(county_admin, as_csv(rows))
    html = county_admin.client.get(page).get_data(as_text=True)
    found = re.findall(
        r'<th scope="row" class="number">(\d+)</th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)<', html
    )
    told = {int(row): sentence for row, _column, sentence in found}
    assert set(told) == set(range(3, 13))
    assert "认不出来" in told[3]
    assert "没有名称" in told[4]
    assert "没有叫" in told[5]
    assert "小写字母" in told[6]
    assert "已被使用" in told[7]
    assert "自己交叉" in told[8]
    assert "与老社区重叠" in told[9]
    assert "一起填" in told[10]
    assert "不是一个电子邮箱" in told[11]
    assert "已经有了" in told[12]
    county_admin.client.post(f"{page}/accept")
    work_off(county_admin.office)
    assert names(county) == {"虚构县", "虚构镇", "老社区", "好社区"}


def test_two_rows_that_overlap_are_both_told(county, county_admin):
    rows = [["社区", name, "", "虚构镇", square(0), "", ""] for name in ("甲", "乙")]
    page = words(county_admin.client.get(uploaded(county_admin, as_csv(rows))))
    assert "与乙重叠" in page
    assert "与甲重叠" in page
    assert "开通这" not in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("甲,乙\n1,2\n".encode(), "没有找到表头"),
        ("级别,名称\n".encode(), "没有内容"),
        (b"PK\x03\x04 not a workbook", ""),
    ],
)
def test_a_file_that_cannot_be_used_says_why(county_admin, content, sentence):
    page = words(county_admin.client.get(uploaded(county_admin, content)))
    assert "不能使用" in page
    assert sentence in page


def test_a_long_list_from_an_old_office_is_read_to_its_end(county, county_admin):
    rows = [["社区", f"第{n}社区", "", "虚构镇", square(n), "", ""] for n in range(60)]
    content = as_csv(rows).decode("utf-8-sig").encode("gb18030")
    page = words(county_admin.client.get(uploaded(county_admin, content)))
    assert "开通这 60 个" in page.replace("\xa0", " ")


def test_what_somebody_opened_meanwhile_is_recognised(county, county_admin):
    rows = [["社区", "甲社区", "", "虚构镇", "", "", ""]]
    first, second = (uploaded(county_admin, as_csv(rows)) for _ in range(2))
    for page in (first, second):
        county_admin.client.post(f"{page}/accept")
        work_off(county_admin.office)
    assert "开通了 0 个单位" in words(county_admin.client.get(second))


def test_a_spreadsheet_that_is_discarded_opens_nothing(county, county_admin):
    page = uploaded(county_admin, as_csv([["社区", "甲社区", "", "虚构镇", "", "", ""]]))
    county_admin.client.post(f"{page}/discard")
    assert "已放弃" in words(county_admin.client.get(page))
    answer = county_admin.client.post(f"{page}/accept", follow_redirects=True)
    assert "刚刚被处理过" in words(answer)
    assert names(county) == {"虚构县", "虚构镇"}
