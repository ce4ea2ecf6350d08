"""Small files that were forged to take all memory or all time there is are refused in a sentence."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from tenants.members.roster_rows import CommunityFacts, UnusableRoster
from tenants.members.rosters import read_roster


def a_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "手机"])
    book.active.append(["虚构甲", "03000000001"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def forged(old: str, new: str) -> bytes:
    """The workbook with its sheet's XML changed."""
    source, out = zipfile.ZipFile(io.BytesIO(a_workbook())), io.BytesIO()
    with source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            target.writestr(name, text)
    return out.getvalue()


def read(content: bytes):
    return read_roster(
        content,
        "名册.xlsx",
        system="wgs84",
        today=date(2026, 11, 20),
        community=CommunityFacts("虚构社区"),
    )


@pytest.mark.parametrize(
    "reference",
    ["r='XFD1048576'", 'r = "XFD1048576"', 'r="XFD1048576"'],
    ids=["other quotes", "spaces", "plain"],
)
def test_a_cell_at_the_end_of_the_world_is_refused(reference):
    with pytest.raises(UnusableRoster) as refused:
        read(forged('r="B2"', reference))
    assert refused.value.code in {"too_large", "unreadable_file"}


def test_merged_ranges_that_overlap_cost_no_more_than_the_sheet():
    ranges = "".join('<mergeCell ref="A2:A1000000"/>' for _ in range(20_000))
    merged = f'</sheetData><mergeCells count="20000">{ranges}</mergeCells>'
    assert read(forged("</sheetData>", merged)).counts()["rows"] == 1
