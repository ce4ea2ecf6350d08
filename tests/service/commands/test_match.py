"""`wangge match` from file to file: every row is answered."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import openpyxl
import pytest

from geo.coordinates import from_wgs84
from tests.service.commands.matching import BRANCHES, MEMBERS


def test_every_member_is_answered_in_order(folder):
    result = folder.run()
    assert result.exit_code == 0, result.output
    assert folder.column("member") == list("甲乙丙丁戊己庚辛")
    assert folder.column("branch") == ["东", "西", "厂", "", "", "", "西", "西"]
    assert folder.column("status") == [
        "assigned",
        "assigned",
        "assigned",
        "no_place",
        "no_place",
        "no_place",
        "assigned",
        "assigned",
    ]
    assert folder.column("place") == ["home", "work", "home", "", "", "", "home", "work"]
    metres = folder.column("metres")
    assert metres[0] == "578.918"
    assert metres[1] == "96.486"
    assert metres[3:6] == ["", "", ""]
    nearer = folder.column("nearer")
    assert nearer[0] == "厂:289.459:not_allowed"
    assert nearer[1:6] == [""] * 5
    assert nearer[6] == "厂:289.459:not_allowed;东:578.918:frozen"
    assert "已安排 5 人，未安排 3 人（没有可用的坐标 3 人）" in result.output


def test_beyond_the_reach_nobody_is_assigned_but_told_how_far(folder):
    assert folder.run("--reach", "300").exit_code == 0
    first = folder.answers()[0]
    assert first["status"] == "out_of_reach"
    assert first["branch"] == first["metres"] == first["place"] == ""
    assert first["nearer"] == "厂:289.459:not_allowed;东:578.918:out_of_reach"


def test_whom_no_branch_admits_is_told_so(folder):
    folder.write("branches.csv", [BRANCHES[0], BRANCHES[3]])
    folder.write("members.csv", MEMBERS[:2])
    assert folder.run().exit_code == 0
    assert folder.answers()[0]["status"] == "not_allowed"
    assert folder.answers()[0]["nearer"] == "厂:289.459:not_allowed"


def test_the_summary_adds_up(folder):
    assert folder.run("--summary", folder.path / "summary.json").exit_code == 0
    summary = json.loads((folder.path / "summary.json").read_text("utf-8"))
    total = sum(float(metres or 0) for metres in folder.column("metres"))
    assert summary["total_metres"] == pytest.approx(total)
    assert summary["lower_bound_metres"] == summary["total_metres"]
    assert summary["gap"] == 0
    assert [summary[name] for name in ("members", "branches", "assigned", "unassigned")] == [
        8,
        3,
        5,
        3,
    ]
    assert set(summary["seconds"]) == {"read", "match", "write", "total"}


def test_ties_go_to_the_lowest_id_as_number_or_as_text(folder):
    folder.write("members.csv", MEMBERS[:2])
    head, place = "branch,lon,lat", "120,30"
    folder.write("branches.csv", [head, f"10,{place}", f"9,{place}"])
    folder.run()
    assert folder.column("branch") == ["9"]
    folder.write("branches.csv", [head, f"b,{place}", f"10,{place}", f"9,{place}"])
    folder.run()
    assert folder.column("branch") == ["10"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_spreadsheets_are_read(folder, encoding):
    folder.write("members.csv", MEMBERS, encoding)
    folder.write("branches.csv", BRANCHES, encoding)
    assert folder.run().exit_code == 0
    assert folder.column("member") == list("甲乙丙丁戊己庚辛")


def test_blank_lines_spaces_and_short_rows_lose_nobody(folder):
    folder.write(
        "members.csv",
        ["Member , LON,lat, class", "甲, 120.004 ,30", "", ",,,", '"乙 ",120.004,30,park'],
    )
    assert folder.run().exit_code == 0
    assert folder.column("member") == ["甲", "乙"]
    assert folder.column("branch") == ["东", "厂"]


def test_workbooks_and_geojson_give_the_same_answers(folder):
    assert folder.run().exit_code == 0
    expected = folder.answers()
    tables = {}
    for name, lines in (("members", MEMBERS), ("branches", BRANCHES)):
        header, *rows = [line.split(",") for line in lines]
        book = openpyxl.Workbook()
        for row in (header, *rows):
            book.active.append([_cell(cell) for cell in row])
        book.save(folder.path / f"{name}.xlsx")
        features = [_feature(dict(zip(header, row, strict=True))) for row in rows]
        collection = {"type": "FeatureCollection", "features": features}
        tables[name] = folder.path / f"{name}.geojson"
        tables[name].write_text(json.dumps(collection), "utf-8")
    result = folder.run(
        members=folder.path / "members.xlsx", branches=folder.path / "branches.xlsx"
    )
    assert result.exit_code == 0, result.output
    assert folder.answers() == expected
    result = folder.run(members=tables["members"], branches=tables["branches"])
    assert result.exit_code == 0, result.output
    assert folder.answers() == expected


def _cell(text):
    try:
        return float(text)
    except ValueError:
        return text or None


def _feature(row):
    position = [_cell(row.pop("lon")), _cell(row.pop("lat"))]
    known = all(isinstance(number, float) and math.isfinite(number) for number in position)
    geometry = {"type": "Point", "coordinates": position} if known else None
    return {"type": "Feature", "geometry": geometry, "properties": row}


@pytest.mark.parametrize("system", ["gcj02", "bd09", "cgcs2000"])
def test_the_source_system_is_converted_before_measuring(folder, system):
    random = np.random.default_rng(2)
    places = np.column_stack([random.uniform(120, 120.05, 40), random.uniform(30, 30.05, 40)])
    for name, rows in (("member", places[:30]), ("branch", places[30:])):
        for suffix, to in (("", "wgs84"), ("_moved", system)):
            lon, lat = from_wgs84(rows[:, 0], rows[:, 1], to)
            lines = [
                f"{i},{x!r},{y!r}"
                for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
            ]
            plural = {"member": "members", "branch": "branches"}[name]
            folder.write(f"{plural}{suffix}.csv", [f"{name},lon,lat", *lines])
    folder.run()
    plain = folder.answers()
    moved = {name: folder.path / f"{name}_moved.csv" for name in ("members", "branches")}
    assert folder.run("--system", system, **moved).exit_code == 0
    for before, after in zip(plain, folder.answers(), strict=True):
        assert before["branch"] == after["branch"]
        assert float(before["metres"]) == pytest.approx(float(after["metres"]), abs=0.002)


def test_no_members_is_an_answer_without_rows(folder):
    folder.write("members.csv", MEMBERS[:1])
    assert folder.run("--summary", folder.path / "summary.json").exit_code == 0
    assert folder.answers() == []
    assert json.loads((folder.path / "summary.json").read_text("utf-8"))["gap"] == 0


def test_the_command_needs_neither_flask_nor_the_database():
    script = (
        "import sys, service.commands.matching;"
        "print([m for m in ('flask', 'sqlalchemy', 'psycopg', 'redis') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
