"""``wangge match``: who belongs to which branch, from two files, without a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import click
import numpy as np
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from geo.coordinates import SYSTEMS
from geo.nearest import Status
from service.commands.match_answers import Matching, write_answers, write_summary
from service.commands.match_files import read_branches, read_members
from service.commands.match_nearest import match_nearest
from service.commands.match_seats import certificate_of, match_seats
from service.commands.tables import UnusableInput, write_json

LEAST_GAP_METRES = 0.005
"""Totals are sums of millimetres: less than this is no gap."""


class Steps:
    """The steps of a run: their seconds, and on a terminal their progress (on standard error)."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def step(self, name: str, words: str) -> Iterator["Step"]:
        """Time one step under ``name`` and show it under ``words``."""
        began = perf_counter()
        task = self._progress.add_task(words, total=None)
        yield Step(self._progress, task)
        self._progress.update(task, total=1, completed=1)
        self.seconds[name] = perf_counter() - began

    def of_all(self) -> dict[str, float]:
        """The seconds of each step and of all together."""
        return {**self.seconds, "total": sum(self.seconds.values())}


class Step:
    """Tells how far a step has come: called with what is done and what there is in all."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def __call__(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total)


@contextmanager
def shown_steps() -> Iterator[Steps]:
    """Progress bars on a terminal, silence in a pipe."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Steps(progress)


@click.command("match")
@click.argument("members", type=click.Path(path_type=Path))
@click.argument("branches", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="结果 CSV 文件。")
@click.option(
    "--mode",
    type=click.Choice(["nearest", "capacity"]),
    default="nearest",
    show_default=True,
    help="nearest：各到最近的支部；capacity：不超过各支部容量，总路程最短。",
)
@click.option(
    "--system",
    type=click.Choice(SYSTEMS),
    default="wgs84",
    show_default=True,
    help="两个文件中坐标的坐标系。",
)
@click.option("--reach", type=float, default=None, help="最远距离（米）；不填则不限。")
@click.option("--certificate", type=click.Path(path_type=Path), help="最优性证书（capacity）。")
@click.option("--summary", type=click.Path(path_type=Path), help="汇总 JSON 文件。")
def match(
    members: Path,
    branches: Path,
    out: Path,
    mode: str,
    system: str,
    reach: float | None,
    certificate: Path | None,
    summary: Path | None,
) -> None:
    """把党员安排到就近的支部。

    MEMBERS 列：member, lon, lat [, work_lon, work_lat] [, class] [, frozen]；
    BRANCHES 列：branch, lon, lat [, capacity] [, minimum] [, classes]（分号分隔，空 = 不限）。
    文件可以是 .csv、.xlsx 或 .geojson。
    """
    _refuse_options(members, branches, out, mode, reach, certificate, summary)
    with shown_steps() as steps:
        with steps.step("read", "读取"):
            read = read_branches(branches, system)
            people = read_members(members, system, read)
        limit = float("inf") if reach is None else reach
        proof = None
        with steps.step("match", "匹配") as told:
            if mode == "nearest":
                matching = match_nearest(people, read, limit, told)
            else:
                matching, solved = match_seats(people, read, limit, told)
                proof = certificate_of(solved, people, read) if certificate else None
        with steps.step("write", "写出"):
            write_answers(out, people, read, matching)
            if certificate is not None:
                write_json(certificate, proof, indent=None)
    if summary is not None:
        write_summary(summary, read, matching, steps.of_all())
    click.echo(_in_words(matching, out))


def _refuse_options(
    members: Path,
    branches: Path,
    out: Path,
    mode: str,
    reach: float | None,
    certificate: Path | None,
    summary: Path | None,
) -> None:
    if reach is not None and not 0 <= reach < float("inf"):
        raise UnusableInput("--reach 必须是不小于 0 的米数：请改正，或不填。")
    if certificate is not None and mode != "capacity":
        raise UnusableInput("--certificate 只用于 --mode capacity：请去掉它，或改用 capacity。")
    paths = [path.resolve() for path in (members, branches)]
    for path in (out, certificate, summary):
        if path is None:
            continue
        if path.resolve() in paths:
            raise UnusableInput(f"{path} 会覆盖另一个文件：请换一个文件名。")
        paths.append(path.resolve())


_WHY_NOT = {
    Status.NO_PLACE: "没有可用的坐标",
    Status.OUT_OF_REACH: "最近的支部超出最远距离",
    Status.NO_SEAT: "没有名额",
    Status.NOT_ALLOWED: "没有支部接收其类别",
}


def _in_words(matching: Matching, out: Path) -> str:
    """What came out, and why some have no branch."""
    count = {status: int((matching.status == status).sum()) for status in Status}
    unassigned = sum(count[status] for status in _WHY_NOT)
    reasons = "，".join(f"{words} {count[why]} 人" for why, words in _WHY_NOT.items() if count[why])
    words = f"已安排 {count[Status.ASSIGNED]} 人，未安排 {unassigned} 人"
    return f"{words}{f'（{reasons}）' if reasons else ''}；{_unproven(matching)}结果在 {out}。"


def _unproven(matching: Matching) -> str:
    """What a search that was interrupted leaves open."""
    total = float(np.nansum(matching.metres))
    short = total - matching.lower_bound_metres
    if short < LEAST_GAP_METRES and not matching.more_seats:
        return ""
    more = f"，也许还能多安排 {matching.more_seats} 人" if matching.more_seats else ""
    return f"没有算完，总路程与可能的最短总路程最多相差 {short / max(total, 1):.2%}{more}；"
