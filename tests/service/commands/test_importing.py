"""`wangge import members` from file to register: what goes in, where it lands, what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from geo.ellipsoid import metres_between
from service.commands.importing import members
from tenants.arrivals.lookups import arrivals
from tenants.database import db
from tenants.matching.lookups import open_proposals
from tenants.places.lookups import branches
from tests.factories.counties import Community, a_community
from tests.factories.jobs import due_jobs, work_off
from tests.factories.members import a_member
from tests.factories.rosters import (
    BOUNDARY,
    COMMUNITY_NAME,
    HEADER,
    csv_bytes,
    in_system,
    people,
    person,
    roster_csv,
    roster_xlsx,
    table,
)

PROJECT = Path(__file__).parents[3]
TABLES = ("member", "arrival", "roster_import", "episode", "job_request", "audit_entry")


@pytest.fixture
def willow(county) -> Community:
    """The community the invented rosters are of. Its branches take everybody."""
    middle = BOUNDARY.centroid
    return a_community(
        county,
        name=COMMUNITY_NAME,
        centre=(round(middle.x, 7), round(middle.y, 7)),
        capacities=(None, None, None),
    )


class Office:
    """Runs the command for a community on files of its own."""

    def __init__(self, community: Community, folder: Path) -> None:
        self.community, self.folder = community, folder

    def file(self, content: bytes, name: str = "roster.csv") -> Path:
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def run(self, file: bytes | Path, *options: str, tenant: str = "") -> Result:
        path = self.file(file) if isinstance(file, bytes) else file
        system = () if "--system" in options else ("--system", "wgs84")
        slug = tenant or self.community.slug
        return CliRunner().invoke(members, [str(path), "--tenant", slug, *system, *options])

    def answer(self, file: bytes | Path, *options: str) -> dict[str, Any]:
        done = self.run(file, "--json", *options)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def rows(self, words: str) -> list[tuple[Any, ...]]:
        with self.community.acting():
            return [tuple(row) for row in db.session.execute(text(words))]

    def kept(self) -> list[int]:
        """How many rows each table has of what an import could write.

        The figures are counted again once in a while, however often that is asked for.
        """
        unless = {"job_request": " WHERE kind <> 'count_tenant'"}
        return [
            self.rows(f"SELECT count(*) FROM {table}{unless.get(table, '')}")[0][0]
            for table in TABLES
        ]


@pytest.fixture
def office(willow, tmp_path) -> Office:
    return Office(willow, tmp_path)


def test_a_roster_off_a_chinese_map_lands_in_the_right_cells_with_proposals(office):
    """GB18030 and GCJ-02, as the real process; truth is where the people were put to begin with."""
    truth = [(row["经度"], row["纬度"]) for row in people(40)]
    roster = office.file(roster_csv(40, system="gcj02", encoding="gb18030"))
    done = subprocess.run(
        [sys.executable, "-m", "service.commands", "import", "members", str(roster)]
        + ["--tenant", office.community.slug, "--system", "gcj02"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "共 40 行:可以登记 40 人,拒绝 0 行,重复 0 行。" in done.stdout
    assert "40 位流入党员正在等待匹配支部。" in done.stdout
    found = office.rows(
        "SELECT ST_X(m.home), ST_Y(m.home), c.code, m.home_source FROM member m"
        " JOIN grid_cell c ON ST_Covers(c.shape, m.home) ORDER BY m.id"
    )
    assert max(metres_between(truth, [row[:2] for row in found])) < 0.02
    lon, lat = office.community.centre
    cells = [f"G{1 + (point[0] > lon) + 2 * (point[1] < lat)}" for point in truth]
    assert [row[2] for row in found] == cells
    assert len(set(cells)) == 4
    assert {row[3]["system"] for row in found} == {"gcj02"}

    assert work_off(office.community) == ["done"]
    with office.community.acting() as scope:
        there = [(branch.id, (branch.lon, branch.lat)) for branch in branches(scope)]
        lines = arrivals(scope, limit=100)[::-1]
        proposed = open_proposals(scope, [line.id for line in lines])
    for line, home in zip(lines, truth, strict=True):
        metres = metres_between([home] * len(there), [place for _, place in there])
        assert line.state == "proposed"
        assert proposed[line.id].branch_id == there[metres.argmin()][0]
        assert proposed[line.id].metres == pytest.approx(min(metres), abs=0.02)


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09", "cgcs2000"])
def test_every_system_leads_to_the_same_place(office, system):
    office.answer(roster_csv(5, system=system), "--system", system)
    truth = [(row["经度"], row["纬度"]) for row in people(5)]
    found = office.rows("SELECT ST_X(home), ST_Y(home) FROM member ORDER BY id")
    assert max(metres_between(truth, found)) < 0.03


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gb18030", "xlsx"])
def test_every_form_of_file_says_the_same(office, form):
    content = roster_xlsx(4) if form == "xlsx" else roster_csv(4, encoding=form)
    answer = office.answer(office.file(content, "名册.xlsx" if form == "xlsx" else "名册.csv"))
    assert answer["accepted"] == 4
    names = [name for (name,) in office.rows("SELECT name FROM member ORDER BY id")]
    assert names == [row["姓名"] for row in people(4)]


def test_the_answer_in_json(office):
    rows = [person(1), person(2, 出生日期="1990-02-30"), person(1), person(3, 流动类型="在册")]
    answer = office.answer(csv_bytes(table(rows)))
    faults = answer.pop("faults")
    assert answer == {
        "file": "roster.csv",
        "tenant": office.community.slug,
        "system": "wgs84",
        "dry_run": False,
        "handed_back": False,
        "rows": 4,
        "accepted": 2,
        "rejected": 1,
        "duplicates": 1,
        "skipped": 0,
        "arrivals": 1,
        "impact": {
            "fresh": 2,
            "same": 0,
            "changed": 0,
            "possible": 0,
            "fields": {},
            "movements": False,
            "classes": [],
            "homes": {"certain": 0, "unsure": 0, "unknown": 0},
            "remarks": [],
            "passed_over": {"sheets": [], "hidden": [], "columns": ["序号"], "rows": []},
        },
    }
    assert [(fault["row"], fault["code"]) for fault in faults] == [
        (3, "date_impossible"),
        (4, "duplicate_in_file"),
    ]
    assert faults[0]["column"] == "出生日期"
    assert faults[0]["sentence"].startswith("日期“1990-02-30”不成立")


def test_headers_and_known_people_can_be_decided_on_the_command_line(office):
    office.answer(csv_bytes(table([person(1)])))
    renamed = csv_bytes([["谁", "手机", "在哪上班"], ["", "", ""]]).decode().splitlines()[0]
    again = f"{renamed}\r\n{person(1)['姓名']},{person(1)['手机']},新厂\r\n".encode()
    mapped = ("--map", "谁=name", "--map", "在哪上班=employer")
    answer = office.answer(again, *mapped)
    assert (answer["accepted"], answer["duplicates"]) == (0, 1)
    assert answer["impact"]["fields"] == {"employer": 1}
    assert office.answer(again, "--changed", "update")["accepted"] == 1
    assert office.rows("SELECT employer, version FROM member") == [("新厂", 2)]
    refused = office.run(again, "--map", "谁=nobody")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "列名=含义" in refused.stderr


def test_each_row_that_was_not_taken_is_named_on_the_terminal(office):
    rows = [person(1), person(2, 出生日期="1990-02-30")]
    told = office.run(csv_bytes(table(rows))).stdout
    assert "  第 3 行“出生日期”:日期“1990-02-30”不成立" in told
    assert "请写成 2015-03-01、2015年3月或 2015。" in told


def test_what_is_worth_saying_is_said_on_the_terminal_as_on_the_page(office):
    odd = [person(1, 手机="19900000001 19900000011"), person(2, 手机="19900000002/19900000022")]
    told = office.run(csv_bytes(table([*odd, person(3), {"姓名": "合计"}])), "--dry-run").stdout
    assert "“手机”:有几个电话,只记下了第一个。(共 2 行:2、3)" in told
    assert "没有用到的列:序号。" in told
    assert "合计行,不是人员。(共 1 行:5)" in told
    assert "去掉 --dry-run 再运行一次" in told
    plain = csv_bytes([["姓名", "手机"], ["某甲", "19912345678"]])
    assert "另外请看一看" not in office.run(plain).stdout


def test_a_dry_run_says_the_same_and_keeps_nothing(office):
    rows = csv_bytes(table([person(1), person(2, 手机="12"), person(3)]))
    before = office.kept()
    dry = office.answer(rows, "--dry-run")
    assert office.kept() == before
    assert due_jobs(office.community) == []
    assert "这是试运行,什么都没有登记;" in office.run(rows, "--dry-run").stdout
    wet = office.answer(rows)
    same = ("rows", "accepted", "rejected", "duplicates", "faults")
    assert [dry[key] for key in same] == [wet[key] for key in same]
    assert (wet["accepted"], wet["rejected"]) == (2, 1)


def test_the_same_file_again_is_all_duplicates(office):
    content = roster_csv(6)
    assert office.answer(content)["accepted"] == 6
    work_off(office.community)
    before = office.kept()
    again = office.answer(content)
    assert (again["accepted"], again["duplicates"], again["arrivals"]) == (0, 6, 0)
    assert {fault["code"] for fault in again["faults"]} == {"already_registered"}
    # The import itself and its audit entry are all that is new.
    added = [after - was for after, was in zip(office.kept(), before, strict=True)]
    assert dict(zip(TABLES, added, strict=True)) == {
        **dict.fromkeys(TABLES, 0),
        "roster_import": 1,
        "audit_entry": 1,
    }


def test_who_is_in_the_register_already_is_not_entered_again(office):
    known = person(2)
    a_member(office.community, name=known["姓名"], phone=known["手机"])
    answer = office.answer(csv_bytes(table(people(3))))
    assert (answer["accepted"], answer["duplicates"]) == (2, 1)
    assert [fault["row"] for fault in answer["faults"]] == [3]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"经度": 500.5}, "coordinates_impossible"),
        ({"经度": "东经", "纬度": "北纬"}, "coordinates_impossible"),
        ({"经度": 0, "纬度": 0}, "zero_point"),
        ({"经度": person(2)["纬度"], "纬度": person(2)["经度"]}, "coordinates_swapped"),
        ({"经度": 112.9, "纬度": 32.9}, "outside_tenant"),
        ({"所属社区": "槐树社区"}, "other_community"),
        ({"姓名": ""}, "name_missing"),
        ({"流动类型": "云游"}, "kind_unknown"),
    ],
)
def test_one_bad_row_is_named_and_the_others_go_in(office, change, code):
    answer = office.answer(csv_bytes(table([person(1), person(2, **change), person(3)])))
    assert (answer["rows"], answer["accepted"], answer["rejected"]) == (3, 2, 1)
    assert code in {fault["code"] for fault in answer["faults"]}
    assert {fault["row"] for fault in answer["faults"]} == {3}


SWAPPED = [person(n, 经度=person(n)["纬度"], 纬度=person(n)["经度"]) for n in range(1, 9)]
METRES = [person(n, 经度=430_000.0 + n, 纬度=3_545_000.0 + n) for n in range(1, 9)]
FAR = [person(n, 经度=round(113.6 + n / 1000, 7)) for n in range(1, 9)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"%PDF-1.7 ...", "它不是 Excel(.xlsx", id="unreadable"),
        pytest.param(b"", "roster.csv", id="empty"),
        pytest.param(csv_bytes([HEADER]), "没有人员行", id="nobody"),
        pytest.param(csv_bytes([["甲", "乙"], ["1", "2"]]), "没有认出表头", id="columns"),
        pytest.param(csv_bytes([["姓名", "经度"], ["某", "112"]]), "没有“纬度”列", id="half"),
        pytest.param(bytes(range(128, 256)) * 4, "文字编码无法识别", id="encoding"),
        pytest.param(csv_bytes(table(SWAPPED)), "像是互相写反了", id="swapped"),
        pytest.param(csv_bytes(table(METRES)), "以米为单位的平面坐标", id="metres"),
        pytest.param(csv_bytes(table(FAR)), "全部在“柳荫社区”边界以外", id="all outside"),
        pytest.param(
            csv_bytes(table(people(8, 所属社区="槐树社区"))),
            "这份名册写的是“槐树社区”,不是“柳荫社区”",
            id="another community's",
        ),
        pytest.param(
            csv_bytes(table(in_system(people(30), "gcj02"))), "按 GCJ-02 则有", id="system"
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(office, content, words):
    before = office.kept()
    refused = office.run(content)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert office.kept() == before


@pytest.mark.parametrize("missing", ["nowhere.csv", "."])
def test_a_path_that_cannot_be_read(office, missing):
    refused = office.run(office.folder / missing)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "请核对路径后再试。" in refused.stderr


def test_a_tenant_that_is_not_there_or_is_no_community(office, county):
    for slug in ("nowhere", county.slug, county.township.slug):
        refused = office.run(roster_csv(2), tenant=slug)
        assert refused.exit_code == 2
        assert refused.stderr == f"没有名为 {slug} 的社区;请核对 --tenant 后再试。\n"


@pytest.mark.parametrize("system", ["GCJ02", "beijing54", ""])
def test_the_system_is_chosen_not_guessed(office, system):
    refused = office.run(roster_csv(2), "--system", system)
    assert refused.exit_code == 2
    assert "gcj02" in refused.stderr


def test_without_a_system_nothing_is_read(office):
    roster = str(office.file(roster_csv(2)))
    refused = CliRunner().invoke(members, [roster, "--tenant", office.community.slug])
    assert refused.exit_code == 2
    assert "--system" in refused.stderr


def test_a_person_may_insist_on_the_declared_system(office):
    """The detector warns; with the confirmation the rows are judged one by one."""
    rows = csv_bytes(table(in_system(people(30), "gcj02")))
    answer = office.answer(rows, "--system-confirmed")
    assert answer["rows"] == 30
    assert answer["accepted"] + answer["rejected"] == 30


def test_without_a_database_it_says_so(office, monkeypatch):
    away = "postgresql+psycopg://wangge_app@/wangge?host=/nowhere"
    monkeypatch.setenv("WANGGE_APP_URL", away)
    refused = office.run(roster_csv(2))
    assert refused.exit_code == 2
    assert refused.stderr == "连不上数据库,什么都没有登记;请确认它在运行后再试。\n"
