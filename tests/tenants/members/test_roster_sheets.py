"""A file as a grid of cells, before anybody knows what its columns mean."""

import pytest

from tenants.members.roster_columns import columns_of
from tenants.members.roster_sheets import read_grids
from tests.factories.rosters import csv_bytes, people, table

ROWS = 120


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_without_a_known_header_is_read_to_its_end(encoding, delimiter):
    lines = [["甲", "乙", "丙"], *([f"第{n}行", str(n), ""] for n in range(ROWS))]
    grid = read_grids(csv_bytes(lines, encoding, delimiter), "清单.csv")
    assert grid == {"": lines}


def test_the_mapping_step_counts_every_row_below_an_unknown_header():
    header = ("谁", "怎么找")
    rows = [{"谁": person["姓名"], "怎么找": person["手机"]} for person in people(ROWS)]
    (sheet,) = columns_of(csv_bytes(table(rows, header=header)), "名册.csv", {})
    assert (sheet.recognised, sheet.rows) == (False, ROWS)
    assert [column.text for column in sheet.columns] == list(header)
