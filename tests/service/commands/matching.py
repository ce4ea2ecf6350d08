"""A folder with members and branches, in which `wangge match` is run and its answers are read."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

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
