"""`wangge import members --rejected OUT.xlsx`."""

from __future__ import annotations

import openpyxl
import pytest

from tests.factories.rosters import csv_bytes, ods_bytes, ods_sheet

CELLS = [["姓名", "手机", "流动类型"], ["甲某", "19911110001", "在册"], ["乙某", "123", "在册"]]


def values(path) -> list[tuple]:
    return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("name", "content"),
    [("roster.csv", csv_bytes(CELLS)), ("roster.ods", ods_bytes(ods_sheet("流出", CELLS)))],
)
def test_the_rows_not_taken_are_written(command, community, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    out = tmp_path / "out.xlsx"
    words = ["import", "members", tmp_path / name, "--tenant", community.slug, "--system", "wgs84"]
    answer = command(*words, "--rejected", out)
    assert answer.exit_code == 0, answer.output
    header, row = values(out)
    assert header == ("姓名", "手机", "流动类型", "没有收下的原因")
    assert row[:3] == ("乙某", "123", "在册")
    assert row[3].startswith("“手机”电话“123”不能用")


def test_where_they_cannot_be_written_nothing_is_taken_in(command, community, tmp_path):
    (tmp_path / "roster.csv").write_bytes(csv_bytes(CELLS))
    words = ["import", "members", tmp_path / "roster.csv", "--tenant", community.slug]
    answer = command(*words, "--system", "wgs84", "--rejected", tmp_path / "no" / "out.xlsx")
    assert answer.exit_code == 2
    assert "什么都没有登记" in answer.output
    again = command(*words, "--system", "wgs84", "--json")
    assert '"accepted": 1' in again.output
