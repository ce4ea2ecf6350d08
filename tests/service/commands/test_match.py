"""`wangge match` from file to file: every row answered, every unusable file named in one sentence."""

import csv
import json
import math
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from scipy.optimize import linear_sum_assignment

from geo import certificate, certificate_file
from geo.assignment.bids import bid
from geo.coordinates import from_wgs84
from geo.ellipsoid import metres_between
from service.commands.matching import match

BRANCHES = [
    "branch,lon,lat,capacity,minimum,classes",
    "东,120.01,30,,,",
    "西,119.99,30,5,1,",
    "厂,120.001,30,,,enterprise;park",
]
MEMBERS = [
    "member,lon,lat,work_lon,work_lat,class,frozen",
    "甲,120.004,30,,,,",
    "乙,120.004,30,119.991,30,,",
    "丙,120.004,30,,,park,",
    "丁,,,,,,",
    "戊,0,0,,,,",
    "己,120,95,,,,",
    "庚,120.004,30,,,,西",
    "辛,nan,abc,119.99,30,,",
]


class Folder:
    """A folder to run the command in."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name, lines, encoding="utf-8"):
        (self.path / name).write_bytes("\n".join(lines).encode(encoding))
        return self.path / name

    def run(self, *options, members=None, branches=None):
        return CliRunner().invoke(
            match,
            [
                str(members or self.path / "members.csv"),
                str(branches or self.path / "branches.csv"),
                "--out",
                str(self.path / "out.csv"),
                *map(str, options),
            ],
        )

    def answers(self):
        with (self.path / "out.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def column(self, name):
        return [row[name] for row in self.answers()]


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    made.write("members.csv", MEMBERS)
    made.write("branches.csv", BRANCHES)
    return made


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


UNUSABLE = {
    "duplicate member": (MEMBERS + [MEMBERS[1]], BRANCHES, ["第 10 行", "甲", "第 2 行", "重复"]),
    "duplicate branch": (MEMBERS, BRANCHES + [BRANCHES[1]], ["第 5 行", "东", "第 2 行"]),
    "member without id": (MEMBERS + [",120,30,,,,"], BRANCHES, ["第 10 行", "编号"]),
    "unknown class": (MEMBERS + ["壬,120,30,,,mine,"], BRANCHES, ["第 10 行", "mine", "classes"]),
    "unknown frozen": (MEMBERS + ["壬,120,30,,,,南"], BRANCHES, ["第 10 行", "南", "frozen"]),
    "capacity below frozen": (
        MEMBERS,
        [BRANCHES[0], BRANCHES[1], "西,119.99,30,0,0,", BRANCHES[3]],
        ["第 8 行", "西", "容量"],
    ),
    "minimum above maximum": (MEMBERS, BRANCHES + ["南,120,29,3,4,"], ["第 5 行", "4", "3"]),
    "capacity is no number": (
        MEMBERS,
        BRANCHES + ["南,120,29,多,,"],
        ["第 5 行", "多", "capacity"],
    ),
    "capacity is negative": (MEMBERS, BRANCHES + ["南,120,29,-1,,"], ["第 5 行", "-1"]),
    "branch without place": (MEMBERS, BRANCHES + ["南,,29,,,"], ["第 5 行", "坐标"]),
    "branch at zero": (MEMBERS, BRANCHES + ["南,0,0,,,"], ["第 5 行", "坐标"]),
    "no branches": (MEMBERS, BRANCHES[:1], ["branches.csv", "没有支部"]),
    "missing column": (["member,lon", "甲,120"], BRANCHES, ["members.csv", "lat"]),
    "repeated column": (["member,lon,lat,lon", "甲,1,2,3"], BRANCHES, ["lon", "不止一次"]),
    "empty file": ([], BRANCHES, ["members.csv", "第 1 行"]),
    "open quote": ([*MEMBERS, '"壬,120,30'], BRANCHES, ["members.csv", "第 10 行", "引号"]),
}


@pytest.mark.parametrize(("members", "branches", "words"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_unusable_input_is_one_sentence_with_its_row(folder, members, branches, words):
    folder.write("members.csv", members)
    folder.write("branches.csv", branches)
    (folder.path / "out.csv").write_text("yesterday's", "utf-8")
    refused(folder, folder.run(), words)


def refused(folder, result, words):
    """Exit 2, one Chinese sentence holding the words, and yesterday's answer untouched."""
    assert result.exit_code == 2, result.output
    sentence = result.stderr.strip()
    assert sentence.startswith("错误：")
    assert sentence.count("\n") == 0
    assert sentence.endswith("。")
    assert sentence.count("。") == 1
    for word in words:
        assert word in sentence
    if (folder.path / "out.csv").exists():
        assert (folder.path / "out.csv").read_text("utf-8") == "yesterday's"
    assert not list(folder.path.glob(".*"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("members.txt", b"member,lon,lat\n"),
        ("members.xlsx", b"this is no workbook"),
        ("members.csv", b"member,lon,lat\n\xff\xff\xff,1,2\n"),
        ("members.geojson", b"{"),
        ("members.geojson", b"[1]"),
        ("members.geojson", b'{"type": "FeatureCollection", "features": [1]}'),
        (
            "members.geojson",
            b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Polygon"}}]}',
        ),
    ],
)
def test_files_that_are_not_what_they_seem(folder, name, content):
    (folder.path / name).write_bytes(content)
    refused(folder, folder.run(members=folder.path / name), [name])


def test_files_that_are_not_there(folder):
    refused(folder, folder.run(members=folder.path / "nobody.csv"), ["nobody.csv", "没有这个文件"])
    (folder.path / "folder.csv").mkdir()
    refused(folder, folder.run(members=folder.path / "folder.csv"), ["folder.csv", "文件夹"])


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--reach", "-1"], "--reach"),
        (["--reach", "nan"], "--reach"),
        (["--certificate", "proof.json"], "--certificate"),
    ],
)
def test_options_that_make_no_sense(folder, options, word):
    refused(folder, folder.run(*options), [word])


def test_an_answer_never_lands_on_its_own_input(folder):
    before = (folder.path / "members.csv").read_bytes()
    refused(folder, folder.run("--out", folder.path / "members.csv"), ["members.csv", "覆盖"])
    refused(folder, folder.run("--summary", folder.path / "out.csv"), ["out.csv", "覆盖"])
    assert (folder.path / "members.csv").read_bytes() == before


def test_an_answer_that_cannot_be_written(folder):
    refused(folder, folder.run("--out", folder.path / "no" / "out.csv"), ["无法写入"])
    (folder.path / "taken").mkdir()
    refused(folder, folder.run("--out", folder.path / "taken"), ["taken", "文件夹"])


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


def seats(folder, members, branches, *options):
    """Run in capacity mode on two small files; the summary, after checking what always holds."""
    folder.write("members.csv", members)
    folder.write("branches.csv", branches)
    files = [folder.path / "summary.json", folder.path / "proof.json"]
    result = folder.run(
        *("--mode", "capacity", "--summary", files[0], "--certificate", files[1], *options)
    )
    assert result.exit_code == 0, result.output
    verdict = certificate.check(certificate_file.read(files[1]))
    summary = json.loads(files[0].read_text("utf-8"))
    assert verdict.proven
    assert summary["gap"] == 0
    assert summary["assigned"] == verdict.placed == len([b for b in folder.column("branch") if b])
    total = sum(float(metres or 0) for metres in folder.column("metres"))
    assert summary["total_metres"] == pytest.approx(total)
    assert summary["total_metres"] == pytest.approx(verdict.total / 100, abs=0.01 * len(members))
    assert summary["lower_bound_metres"] == summary["total_metres"]
    return summary


def test_seats_are_shared_so_that_the_whole_way_is_shortest(folder):
    seats(
        folder,
        ["member,lon,lat", "甲,119.996,30", "乙,119.997,30", "丙,120.009,30", "丁,,"],
        ["branch,lon,lat,capacity", "东,120,30,1", "西,119.99,30,5"],
    )
    assert folder.column("branch") == ["西", "西", "东", ""]
    assert folder.column("status") == ["assigned", "assigned", "assigned", "no_place"]
    assert folder.column("nearer") == ["东:385.945:full", "东:289.459:full", "", ""]


def test_those_without_a_seat_hear_what_was_full(folder):
    members = ["member,lon,lat", "甲,120.001,30", "乙,120.002,30"]
    branches = ["branch,lon,lat,capacity", "东,120,30,1", "西,119.9,30,9"]
    seats(folder, members, branches, "--reach", "1000")
    assert folder.column("branch") == ["东", ""]
    assert folder.column("status") == ["assigned", "no_seat"]
    assert folder.column("nearer") == ["", "东:192.973:full"]
    seats(folder, members, branches[:2])
    assert folder.column("nearer") == ["", "东:192.973:full"]


def test_capacity_mode_knows_reach_classes_minimum_and_the_frozen(folder):
    seats(
        folder,
        [
            "member,lon,lat,class,frozen",
            "甲,120.001,30,,",
            "乙,121,30,,",
            "丙,120.001,30,park,",
            "丁,120.001,30,,西",
            "戊,120.002,30,,",
        ],
        [
            "branch,lon,lat,capacity,minimum,classes",
            "东,120,30,,,",
            "西,119.999,30,1,,",
            "北,120,30.005,,1,",
            "园,120.0005,30,,,park",
        ],
        "--reach",
        "2000",
    )
    assert folder.column("status") == ["assigned", "out_of_reach", *["assigned"] * 3]
    assert folder.column("branch") == ["东", "", "园", "西", "北"]
    nearer = folder.column("nearer")
    assert nearer[0] == "园:48.243:not_allowed"
    assert nearer[1].endswith(":out_of_reach")
    assert nearer[2] == ""
    assert nearer[3] == "园:48.243:not_allowed;东:96.486:frozen"
    assert nearer[4] == "园:144.729:not_allowed;东:192.973:minimum;西:289.459:full"


@pytest.mark.parametrize("seed", range(5))
def test_the_total_is_that_of_an_independent_solver(folder, seed):
    random = np.random.default_rng(seed)
    people = np.column_stack([random.uniform(120, 120.1, 30), random.uniform(30, 30.1, 30)])
    places = np.column_stack([random.uniform(120, 120.1, 6), random.uniform(30, 30.1, 6)])
    capacity = random.integers(3, 9, 6)
    summary = seats(
        folder,
        ["member,lon,lat", *(f"m{i},{x!r},{y!r}" for i, (x, y) in enumerate(people.tolist()))],
        [
            "branch,lon,lat,capacity",
            *(f"b{j},{x!r},{y!r},{capacity[j]}" for j, (x, y) in enumerate(places.tolist())),
        ],
    )
    columns = np.repeat(np.arange(6), capacity)
    metres = metres_between(
        np.repeat(people, len(columns), axis=0), np.tile(places[columns], (30, 1))
    )
    table = metres.reshape(30, len(columns))
    rows, chosen = linear_sum_assignment(table)
    assert summary["assigned"] == len(rows)
    assert summary["total_metres"] == pytest.approx(table[rows, chosen].sum(), abs=0.3)


def test_more_minimum_seats_than_people_is_one_sentence(folder):
    folder.write("members.csv", MEMBERS[:3])
    folder.write("branches.csv", ["branch,lon,lat,capacity,minimum", "东,120,30,9,5"])
    result = folder.run("--mode", "capacity")
    refused(folder, result, ["5", "2"])


def test_an_interrupted_search_writes_what_it_has_and_says_how_far_it_may_be_off(
    folder, monkeypatch
):
    """Ctrl-C is pressed at the first moment the search looks up."""
    random = np.random.default_rng(7)
    people, seats = random.uniform(0, 0.5, (400, 2)), random.uniform(0, 0.5, (20, 2))
    folder.write(
        "members.csv",
        [
            "member,lon,lat",
            *(f"m{i},{120 + x:.6f},{30 + y:.6f}" for i, (x, y) in enumerate(people)),
        ],
    )
    folder.write(
        "branches.csv",
        [
            "branch,lon,lat,capacity",
            *(f"b{i},{120 + x:.6f},{30 + y:.6f},20" for i, (x, y) in enumerate(seats)),
        ],
    )
    monkeypatch.setattr("geo.assignment.solving.bid", partial(bid, rounds=1))
    press = partial(signal.raise_signal, signal.SIGINT)
    monkeypatch.setattr("service.commands.matching.Step.__call__", lambda *_: press())
    before = signal.getsignal(signal.SIGINT)
    done = folder.run("--mode", "capacity", "--certificate", folder.path / "proof.json",
                      "--summary", folder.path / "summary.json")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "没有算完" in done.output
    assert signal.getsignal(signal.SIGINT) is before
    figures = json.loads((folder.path / "summary.json").read_text("utf-8"))
    assert figures["members"] == figures["assigned"] + figures["unassigned"]
    assert figures["gap"] > 0 or figures["assigned"] < 400
    verdict = certificate.check(certificate_file.read(folder.path / "proof.json"))
    assert not verdict.proven
