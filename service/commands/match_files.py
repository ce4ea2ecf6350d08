"""The MEMBERS and BRANCHES files of ``wangge match``, checked and turned into arrays.

MEMBERS: ``member, lon, lat [, work_lon, work_lat] [, class] [, frozen]``.
BRANCHES: ``branch, lon, lat [, capacity] [, minimum] [, classes]``, classes separated by
semicolons, empty = anyone; a class may use those branches besides the ones that name it.

A member's place that cannot be used becomes NaN and, later, a status: no row is ever lost. What
makes the whole question meaningless is refused with the row it stands in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geo.places import usable
from service.commands.columns import Integers, places, unique_ids, whole_numbers
from service.commands.tables import Floats, Table, read_table

Flags = npt.NDArray[np.bool_]

UNLIMITED = -1


@dataclass(frozen=True)
class Branches:
    """``lonlat`` (m, 2) WGS-84; ``capacity`` (m,) -1 = unlimited; ``minimum`` (m,).

    ``classes`` are those each branch names; ``rank`` (m,) the order of the ids, which settles ties:
    as numbers when all ids are whole numbers, otherwise as text.
    """

    ids: list[str]
    lonlat: Floats
    capacity: Integers
    minimum: Integers
    classes: list[frozenset[str]]
    rank: Integers

    def admits(self, kinds: Sequence[str]) -> Flags:
        """(m, kinds) whether a branch admits a member of each of the named classes ("" = none)."""
        row = {named: [not named or kind in named for kind in kinds] for named in set(self.classes)}
        rows = [row[named] for named in self.classes]
        return np.array(rows, dtype=np.bool_).reshape(len(self.ids), len(kinds))


@dataclass(frozen=True)
class Members:
    """``home`` and ``work`` (n, 2) WGS-84, NaN where unusable; ``work`` is None without columns.

    ``kinds`` are the class names, ``kind`` (n,) each member's index among them; ``frozen`` (n,) the
    index of the branch a member was already told, -1 = free.
    """

    ids: list[str]
    home: Floats
    work: Floats | None
    kinds: list[str]
    kind: Integers
    frozen: Integers


def read_branches(path: Path, system: str) -> Branches:
    """Read BRANCHES; raises UnusableInput."""
    table = read_table(
        path,
        text=("branch", "capacity", "minimum", "classes"),
        numbers=("lon", "lat"),
        required=("branch", "lon", "lat"),
    )
    ids = unique_ids(table, "branch")
    if not ids:
        raise table.refuse_all("没有支部：请至少填写一个支部")
    lonlat = places(table, "lon", "lat", system)
    for row in np.flatnonzero(~usable(lonlat))[:1]:
        raise table.refuse(row, "没有可用的坐标：请填写经度和纬度，或删去这个支部。")
    capacity = whole_numbers(table, "capacity", when_empty=UNLIMITED)
    minimum = whole_numbers(table, "minimum", when_empty=0)
    for row in np.flatnonzero((capacity != UNLIMITED) & (minimum > capacity))[:1]:
        raise table.refuse(
            row,
            f"的最少人数 {minimum[row]} 大于容量 {capacity[row]}：请调低 minimum 或调高 capacity。",
        )
    named = table.text.get("classes", [""] * len(ids))
    known = {cell: _classes(cell) for cell in set(named)}
    return Branches(ids, lonlat, capacity, minimum, [known[cell] for cell in named], _rank(ids))


def read_members(path: Path, system: str, branches: Branches) -> Members:
    """Read MEMBERS against the branches they name; raises UnusableInput."""
    table = read_table(
        path,
        text=("member", "class", "frozen"),
        numbers=("lon", "lat", "work_lon", "work_lat"),
        required=("member", "lon", "lat"),
    )
    ids = unique_ids(table, "member")
    work = None
    if "work_lon" in table.numbers and "work_lat" in table.numbers:
        work = places(table, "work_lon", "work_lat", system)
    kinds, kind = _kinds(table, branches)
    return Members(
        ids, places(table, "lon", "lat", system), work, kinds, kind, _frozen(table, branches)
    )


def _classes(cell: str) -> frozenset[str]:
    return frozenset(name for part in re.split("[;\uff1b]", cell) if (name := part.strip()))


def _rank(ids: list[str]) -> Integers:
    numeric = all(name.isascii() and name.isdigit() for name in ids)
    order = sorted(range(len(ids)), key=lambda i: (int(ids[i]) if numeric else 0, ids[i]))
    rank = np.empty(len(ids), dtype=np.int64)
    rank[order] = np.arange(len(ids))
    return rank


def _kinds(table: Table, branches: Branches) -> tuple[list[str], Integers]:
    """Class names with "" first, and each member's; branches that name none are open to every one."""
    named = frozenset[str]().union(*branches.classes)
    cells = table.text.get("class")
    if cells is None or not named:
        return [""], np.zeros(len(table), dtype=np.int64)
    kinds = ["", *sorted(named)]
    number = {name: i for i, name in enumerate(kinds)}
    kind = np.fromiter((number.get(cell, -1) for cell in cells), np.int64, len(cells))
    for row in np.flatnonzero(kind < 0)[:1]:
        raise table.refuse(
            row, f"的类别“{cells[row]}”没有支部写明：请改正，或在支部的 classes 列写上它。"
        )
    return kinds, kind


def _frozen(table: Table, branches: Branches) -> Integers:
    """The branch each member was already told; a branch must have seats for all of its own."""
    cells = table.text.get("frozen")
    if cells is None:
        return np.full(len(table), -1)
    number = {"": -1} | {name: i for i, name in enumerate(branches.ids)}
    frozen = np.fromiter((number.get(cell, -2) for cell in cells), np.int64, len(cells))
    for row in np.flatnonzero(frozen == -2)[:1]:
        raise table.refuse(row, f"已定的支部“{cells[row]}”不在支部表中：请改正 frozen 列，或留空。")
    told = np.bincount(frozen[frozen >= 0], minlength=len(branches.ids))
    too_many = (branches.capacity != UNLIMITED) & (told > branches.capacity)
    for branch in np.flatnonzero(too_many)[:1]:
        last = int(np.flatnonzero(frozen == branch)[branches.capacity[branch]])
        raise table.refuse(
            last,
            f"使支部“{branches.ids[branch]}”已定 {told[branch]} 人，超过容量"
            f" {branches.capacity[branch]}：请调高容量，或为部分人清空 frozen 列。",
        )
    return frozen
