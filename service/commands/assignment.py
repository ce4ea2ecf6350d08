"""``wangge verify`` and ``wangge households``: from files, without a database."""

import sys
from pathlib import Path
from time import perf_counter

import click
import numpy as np

from geo import certificate_file
from geo.assignment import Unusable
from geo.certificate import Refused, check
from geo.certificate_file import NotACertificate
from geo.coordinates import SYSTEMS
from geo.households import MAXIMUM, MINIMUM, Hosts, Households, settle
from service.commands.columns import Integers, places, unique_ids, whole_numbers
from service.commands.tables import (
    Floats,
    Table,
    UnusableInput,
    read_table,
    write_json,
    write_rows,
)

UNPROVEN = 1


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def verify(file: Path) -> None:
    """核对 wangge match --certificate 写出的证书。

    退出码：0 已证明最优；1 不成立，或只证明到一个差距；2 文件不能用。
    """
    try:
        verdict = check(certificate_file.read(file))
    except NotACertificate as error:
        raise UnusableInput(str(error)) from error
    except Refused as refusal:
        click.echo(f"不成立：{refusal}", err=True)
        sys.exit(UNPROVEN)
    found = f"安排 {verdict.placed} 人，共 {verdict.total / 100:.2f} 米"
    if verdict.proven:
        click.echo(f"已证明：{found}，没有更好的安排。")
        return
    more = f"，也可能还能多安排 {verdict.more_seats} 人" if verdict.more_seats else ""
    click.echo(
        f"未证明最优：{found}；已证明的下限是 {verdict.lower_bound / 100:.2f} 米，"
        f"差距 {verdict.gap:.2%}{more}。",
        err=True,
    )
    sys.exit(UNPROVEN)


@click.command("households")
@click.argument("members", type=click.Path(path_type=Path))
@click.argument("hosts", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="结果 CSV 文件。")
@click.option("--summary", type=click.Path(path_type=Path), help="汇总 JSON 文件。")
@click.option(
    "--system",
    type=click.Choice(SYSTEMS),
    default="wgs84",
    show_default=True,
    help="两个文件中坐标的坐标系。",
)
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=60.0, show_default=True, help="求解时限。"
)
def households(
    members: Path, hosts: Path, out: Path, summary: Path | None, system: str, seconds: float
) -> None:
    """把党员分到就近的党员中心户：每户或不接待，或在最少与最多人数之间。

    MEMBERS 列：member, lon, lat；HOSTS 列：host, lon, lat [, minimum=7] [, maximum=10]。
    文件可以是 .csv、.xlsx 或 .geojson。
    """
    _refuse_same_file(members, hosts, out, summary)
    took: dict[str, float] = {}
    began = perf_counter()
    people, homes = _read_members(members, system)
    table, names, bounds = _read_hosts(hosts, system)
    took["read"] = perf_counter() - began
    began = perf_counter()
    try:
        answer = settle(homes, bounds, deadline_seconds=seconds)
    except Unusable as error:
        raise (table.refuse_all(str(error).rstrip("。"))) from error
    took["settle"] = perf_counter() - began
    began = perf_counter()
    _write(out, people, names, answer)
    took["write"] = perf_counter() - began
    if summary is not None:
        write_json(summary, _figures(people, names, answer, took))
    click.echo(_in_words(answer, out))


def _refuse_same_file(members: Path, hosts: Path, out: Path, summary: Path | None) -> None:
    used = [members.resolve(), hosts.resolve()]
    for path in (out, summary):
        if path is not None:
            if path.resolve() in used:
                raise UnusableInput(f"{path} 会覆盖另一个文件：请换一个文件名。")
            used.append(path.resolve())


def _read_members(path: Path, system: str) -> tuple[list[str], Floats]:
    """Ids and WGS-84 homes (n, 2), NaN where a row has no usable place."""
    table = read_table(
        path, text=("member",), numbers=("lon", "lat"), required=("member", "lon", "lat")
    )
    return unique_ids(table, "member"), places(table, "lon", "lat", system)


def _read_hosts(path: Path, system: str) -> tuple[Table, list[str], Hosts]:
    table = read_table(
        path,
        text=("host", "minimum", "maximum"),
        numbers=("lon", "lat"),
        required=("host", "lon", "lat"),
    )
    names, lonlat = unique_ids(table, "host"), places(table, "lon", "lat", system)
    for row in np.flatnonzero(np.isnan(lonlat[:, 0]))[:1]:
        raise table.refuse(row, "没有可用的坐标：请填写经度和纬度，或删去这一户。")
    low, high = _bound(table, "minimum", MINIMUM), _bound(table, "maximum", MAXIMUM)
    for row in np.flatnonzero(low > high)[:1]:
        raise table.refuse(
            row,
            f"的最少人数 {low[row]} 大于最多人数 {high[row]}：请调低 minimum 或调高 maximum。",
        )
    return table, names, Hosts(lonlat, low, high)


def _bound(table: Table, column: str, when_empty: int) -> Integers:
    return whole_numbers(
        table, column, when_empty=when_empty, most=10_000, allowed=" 0 至 10000 的整数"
    )


def _write(out: Path, people: list[str], names: list[str], answer: Households) -> None:
    """One row per member in input order."""
    hosts = [*names, ""]
    placed = answer.host >= 0
    write_rows(
        out,
        ("member", "host", "metres", "status"),
        [
            people,
            map(hosts.__getitem__, answer.host.tolist()),
            (f"{cm / 100:.2f}" if cm >= 0 else "" for cm in answer.centimetres.tolist()),
            np.where(placed, "assigned", "unplaced").tolist(),
        ],
    )


def _figures(
    people: list[str], names: list[str], answer: Households, took: dict[str, float]
) -> dict[str, object]:
    return {
        "members": len(people),
        "hosts": len(names),
        "assigned": answer.placed,
        "unplaced": len(people) - answer.placed,
        "households": len(set(answer.host[answer.host >= 0].tolist())),
        "total_metres": answer.total / 100,
        "lower_bound_metres": answer.lower_bound / 100,
        "gap": answer.gap,
        "infeasible": answer.infeasible,
        "explanation": answer.explanation,
        "seconds": {
            **{step: round(seconds, 3) for step, seconds in took.items()},
            "total": round(sum(took.values()), 3),
        },
    }


def _in_words(answer: Households, out: Path) -> str:
    opened = len(set(answer.host[answer.host >= 0].tolist()))
    words = f"已安排 {answer.placed} 人到 {opened} 户，"
    words += f"未安排 {len(answer.host) - answer.placed} 人；结果在 {out}。"
    return words if answer.explanation is None else f"{words}\n{answer.explanation}"
