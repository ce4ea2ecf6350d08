"""`wangge match --mode capacity`: seats are shared, and the answer comes with its proof."""

from __future__ import annotations

import json
import signal
from functools import partial

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from geo import certificate, certificate_file
from geo.assignment.bids import bid
from geo.ellipsoid import metres_between
from tests.service.commands.matching import MEMBERS, refused


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
