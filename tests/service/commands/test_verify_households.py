"""``wangge verify`` and ``wangge households`` as a person at the shell sees them."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

from geo import certificate_file
from geo.assignment import Places, Seats, assign
from service.commands import wangge
from tests.geo.assignment_cases import town

HOSTS = "host,lon,lat,minimum,maximum\nA,110,30,,\nB,110.01,30,2,4\n"


def run(*arguments):
    return CliRunner().invoke(wangge, [str(argument) for argument in arguments])


@pytest.fixture
def proof(tmp_path):
    members, branches, _ = town(4, seats_per_person=1.0)
    path = tmp_path / "proof.json"
    certificate_file.write(path, assign(members, branches).certificate())
    return path


def test_a_proof_is_accepted(proof):
    result = run("verify", proof)
    assert result.exit_code == 0
    assert result.output.startswith("已证明：安排")


def test_a_resealed_lie_is_refused(proof):
    content = json.loads(proof.read_text())
    content["total"] -= 1
    content["lower_bound"] -= 1
    del content["digest"]
    proof.write_text(json.dumps(certificate_file.sealed(content)))
    result = run("verify", proof)
    assert result.exit_code == 1
    assert "不成立：" in result.stderr
    assert "证书不符" in result.stderr


def test_an_edit_is_noticed(proof):
    proof.write_text(proof.read_text().replace('"placed": ', '"placed": 1', 1))
    result = run("verify", proof)
    assert result.exit_code == 1
    assert "改动" in result.stderr


def test_an_interrupted_run_is_not_called_proven(tmp_path):
    draw = np.random.default_rng(1)
    members = Places(np.array([110, 30]) + draw.normal(0, 0.05, (300, 2)))
    branches = Seats(np.array([110, 30]) + draw.normal(0, 0.05, (30, 2)), np.full(30, 10))
    path = tmp_path / "hasty.json"
    hasty = assign(members, branches, deadline_seconds=0, method="paths")
    assert not hasty.proven
    certificate_file.write(path, hasty.certificate())
    result = run("verify", path)
    assert result.exit_code == 1
    assert "差距" in result.stderr


@pytest.mark.parametrize("text", [None, "", "[1]", '{"kind": "else"}'])
def test_what_is_no_certificate_is_unusable(tmp_path, text):
    path = tmp_path / "file.json"
    if text is not None:
        path.write_text(text)
    result = run("verify", path)
    assert result.exit_code == 2
    assert result.stderr.startswith("错误：")
    assert result.stderr.count("\n") == 1


def members_file(folder, count, more=""):
    path = folder / "members.csv"
    rows = "".join(f"m{i},{110 + i / 10000},30\n" for i in range(count))
    path.write_text("member,lon,lat\n" + rows + more)
    return path


def hosts_file(folder, text=HOSTS):
    path = folder / "hosts.csv"
    path.write_text(text)
    return path


def test_households_from_files(tmp_path):
    out, summary = tmp_path / "out.csv", tmp_path / "summary.json"
    members = members_file(tmp_path, 10, "lost,,\n")
    result = run("households", members, hosts_file(tmp_path), "--out", out, "--summary", summary)
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [row["member"] for row in rows] == [*(f"m{i}" for i in range(10)), "lost"]
    assert {row["status"] for row in rows[:10]} == {"assigned"}
    assert rows[10] == {"member": "lost", "host": "", "metres": "", "status": "unplaced"}
    figures = json.loads(summary.read_text())
    assert figures["assigned"] == 10
    assert figures["gap"] == 0
    assert figures["infeasible"] is False
    assert figures["explanation"] is None
    assert figures["total_metres"] == pytest.approx(sum(float(r["metres"]) for r in rows[:10]))


def test_twelve_people_are_told_what_would_help(tmp_path):
    out, summary = tmp_path / "out.csv", tmp_path / "summary.json"
    hosts = hosts_file(tmp_path, "host,lon,lat\nA,110,30\nB,110.001,30\n")
    result = run(
        "households", members_file(tmp_path, 12), hosts, "--out", out, "--summary", summary
    )
    assert result.exit_code == 0
    words = "12 人无法分成每户 7 至 10 人的组：请让一户接待 12 人，或让 2 人改由电话联系。"
    assert words in result.output
    figures = json.loads(summary.read_text())
    assert figures["infeasible"] is True
    assert figures["explanation"] == words
    assert figures["unplaced"] == 2


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ("host,lon,lat\nA,,30\n", "hosts.csv 第 2 行没有可用的坐标"),
        ("host,lon,lat\nA,0,0\n", "hosts.csv 第 2 行没有可用的坐标"),
        ("host,lon,lat,minimum,maximum\nA,110,30,9,8\n", "最少人数 9 大于最多人数 8"),
        ("host,lon,lat,maximum\nA,110,30,many\n", "第 2 行的 maximum 是“many”"),
        ("host,lon,lat,maximum\nA,110,30,-3\n", "第 2 行的 maximum 是“-3”"),
        ("host,lon,lat\nA,110,30\nA,110,30\n", "第 3 行的编号“A”与第 2 行重复"),
        ("host,lon,lat\n,110,30\n", "没有编号"),
        ("house,lon,lat\nA,110,30\n", "缺少列 host"),
        ("", "第 1 行是空的"),
    ],
)
def test_unusable_hosts_are_refused_in_one_sentence(tmp_path, hosts, words):
    members = members_file(tmp_path, 8)
    result = run("households", members, hosts_file(tmp_path, hosts), "--out", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "o.csv").exists()


def test_nothing_is_overwritten(tmp_path):
    members, hosts = members_file(tmp_path, 8), hosts_file(tmp_path)
    assert run("households", members, hosts, "--out", members).exit_code == 2
    missing = run("households", tmp_path / "none.csv", hosts, "--out", tmp_path / "o.csv")
    assert missing.exit_code == 2


def test_no_members_and_no_hosts_are_answers(tmp_path):
    out = tmp_path / "o.csv"
    nobody = run("households", members_file(tmp_path, 0), hosts_file(tmp_path), "--out", out)
    assert nobody.exit_code == 0, nobody.output
    alone = run(
        "households",
        members_file(tmp_path, 3),
        hosts_file(tmp_path, "host,lon,lat\n"),
        "--out",
        out,
    )
    assert alone.exit_code == 0, alone.output
    assert "没有可以接待的中心户" in alone.output
