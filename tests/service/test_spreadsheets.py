"""Workbooks going out: nothing in them is computed, nothing in them is lost."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from service.downloads import attached
from service.spreadsheets import Sheet, workbook

DANGEROUS = [
    "=1+1",
    '=HYPERLINK("x","y")',
    "+861990000",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
]


def back(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def one_cell(text: str):
    return back(workbook([Sheet("一", ("列",), [(text,)])])).active["A2"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text):
    content = workbook([Sheet("一", (text,), [(text,)], above=(text,), below=(text,))])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "<f>" not in parts.read("xl/worksheets/sheet1.xml").decode()
    for row in back(content).active.iter_rows():
        for cell in row:
            assert cell.data_type == "s"
            assert cell.quotePrefix


@pytest.mark.parametrize("text", ["=1+1", "+861990000", "-2+3", "@SUM(A1)", "虚构路1号", "0138"])
def test_what_stands_in_a_cell_stays_as_it_was(text):
    assert one_cell(text).value == text


def test_plain_words_carry_no_mark():
    assert not one_cell("虚构路1号").quotePrefix


def test_control_characters_are_gone_and_line_breaks_stay():
    assert one_cell("a\x00b\x1bc\ud800d\u202ee\nf").value == "a b c d e\nf"


def test_no_column_is_so_narrow_that_a_name_is_cut_off():
    rows = [("1", "禾苑社区流动党员之家党支部", "在此"), ("2", "名" * 40, 12)]
    page = back(workbook([Sheet("一", ("序号", "所在支部", "状态"), rows)])).active
    assert page.column_dimensions["B"].width == 40
    assert page.column_dimensions["A"].width < 12
    assert page["B3"].alignment.wrap_text
    assert not page["B2"].alignment.wrap_text
    assert page["C3"].value == 12


def test_rows_longer_or_shorter_than_the_heading_lose_nothing():
    page = back(workbook([Sheet("一", ("甲", "乙"), [("1",), ("1", "2", "3")])])).active
    assert [cell.value for cell in page[3]] == ["1", "2", "3"]


def test_a_cell_longer_than_a_spreadsheet_takes_is_cut():
    assert len(one_cell("字" * 1_000_000).value) == 32_767


@pytest.mark.parametrize("name", ["一/二", "[1]", "字" * 40, "", "a'b", "x:y*z?"])
def test_any_name_of_a_sheet_can_be_written(name):
    found = back(workbook([Sheet(name, ("列",), ()), Sheet(name, ("列",), ())]))
    assert len(set(found.sheetnames)) == 2


def test_a_chinese_file_name_arrives_whole():
    header = attached(b"", '台账"\r\nX: 1.xlsx').headers["Content-Disposition"]
    assert header.isascii()
    assert "\n" not in header
    assert "filename*=UTF-8''%E5%8F%B0%E8%B4%A6" in header
