"""`wangge match`: every unusable file, option and place for an answer is named in one sentence."""

from __future__ import annotations

import pytest

from tests.service.commands.matching import BRANCHES, MEMBERS, refused

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
