"""Ten thousand malformed rows: each is accounted for, the good ones go in, nothing breaks."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import openpyxl
import pytest
from sqlalchemy import text

from service.rejected import rejected_workbook
from tenants.arrivals.rosters import sift, take_in
from tenants.database import db
from tenants.members.imports import record_import
from tenants.members.roster_rejects import rejected_tables
from tenants.members.rosters import CommunityFacts, UnusableRoster, read_roster
from tests.factories.malformed import WRONG, as_table, malformed
from tests.factories.rosters import BOUNDARY, COMMUNITY_NAME, csv_bytes, xlsx_bytes

TODAY = date(2026, 11, 21)
FACTS = CommunityFacts(COMMUNITY_NAME, BOUNDARY)
COUNT = 10_000


def read(content):
    return read_roster(content, "名册.csv", system="wgs84", today=TODAY, community=FACTS)


@pytest.fixture(scope="module")
def rows():
    return malformed(COUNT)


@pytest.fixture(scope="module")
def content(rows):
    return csv_bytes(as_table(rows), "gb18030")


@pytest.fixture(scope="module")
def roster(content):
    return read(content)


def test_the_rows_are_bad_in_every_way(rows):
    kinds = Counter(row.kind for row in rows)
    assert len(rows) == COUNT
    assert set(kinds) == {"good", *WRONG}
    assert min(kinds.values()) > 100
    assert kinds["good"] > 3_000


def test_every_row_is_counted_once(roster):
    counts = roster.counts()
    assert counts["rows"] == COUNT
    assert counts["rows"] == counts["accepted"] + counts["rejected"] + counts["duplicates"]
    assert [row.number for row in roster.rows] == list(range(2, COUNT + 2))


def test_every_row_not_taken_says_why(roster, rows):
    for row, sent in zip(roster.rows, rows, strict=True):
        codes = {fault.code for fault in row.faults}
        assert (row.status == "accepted") == (codes == set()), (row.number, sent.kind)
        if sent.code is not None:
            assert {sent.code} - {""} <= codes, (row.number, sent.kind, codes)
        if sent.kind == "good":
            assert row.status == "accepted", (row.number, codes)
        for fault in row.faults:
            assert "%(" not in fault.sentence
            assert len(fault.sentence) < 400


def test_what_a_program_gets_of_the_faults_can_be_kept(roster):
    lines = roster.fault_lines()
    assert all(2 <= line["row"] <= COUNT + 1 for line in lines)
    assert not any("\x00" in line["sentence"] for line in lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_counts_the_same(rows, encoding):
    some = rows[:1_500]
    content = csv_bytes(as_table(some), encoding, "\t" if encoding == "utf-16" else ",")
    again = csv_bytes(as_table(some), "gb18030")
    assert read(content).counts() == read(again).counts()


def test_a_workbook_counts_every_row_too(rows):
    some = [row for row in rows if row.kind not in ("control character", "huge", "noise")][:1_500]
    counts = read(xlsx_bytes(as_table(some))).counts()
    assert counts["rows"] == len(some)
    assert counts["rows"] == counts["accepted"] + counts["rejected"] + counts["duplicates"]


@pytest.mark.parametrize("at", [1_000, 50_000, 200_000])
@pytest.mark.parametrize("byte", [b"\xff", b"\x80\x80\xff", b'"', b"\x00"])
def test_a_damaged_file_is_read_or_refused_in_a_sentence(rows, at, byte):
    content = csv_bytes(as_table([row for row in rows if row.kind != "huge"][:1_500]), "gb18030")
    damaged = content[:at] + byte + content[at:]
    try:
        counts = read(damaged).counts()
    except UnusableRoster as refused:
        assert refused.sentence.endswith("。")
    else:
        assert counts["rows"] == counts["accepted"] + counts["rejected"] + counts["duplicates"]


def test_the_good_ones_go_in_and_the_others_come_back(community, roster, rows, content):
    with community.acting() as scope:
        intake = sift(scope, roster, date.today())
        import_id = record_import(scope, "名册.csv", "wgs84", intake.counts)
        take_in(scope, intake, import_id)
    with community.acting():
        known = {name for (name,) in db.session.execute(text("SELECT name FROM member"))}
        entered = db.session.execute(text("SELECT count(*) FROM member")).scalar_one()
    assert entered == intake.counts["accepted"]
    assert {row.cells["姓名"] for row in rows if row.kind == "good"} <= known
    assert intake.counts["duplicates"] > 100
    some = intake.faults[:1_500]
    handed_back = rejected_workbook(rejected_tables(content, "名册.csv", some))
    sheet = openpyxl.load_workbook(io.BytesIO(handed_back), read_only=True).active
    cells = list(sheet.iter_rows())
    assert "f" not in {cell.data_type for row in cells for cell in row}
    assert len(cells) == 1 + len({fault["row"] for fault in some})
