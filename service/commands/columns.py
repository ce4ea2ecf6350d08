"""Columns that the commands' files have in common: ids, places, whole numbers."""

import numpy as np
import numpy.typing as npt

from geo.coordinates import to_wgs84
from geo.places import usable
from service.commands.tables import Floats, Table, as_numbers

Integers = npt.NDArray[np.int64]


def unique_ids(table: Table, column: str) -> list[str]:
    """One id for each row; refuses the first row without one, or with another row's."""
    ids = table.text[column]
    if len(set(ids)) == len(ids) and "" not in ids:
        return ids
    seen: dict[str, int] = {}
    for row, name in enumerate(ids):
        if not name:
            raise table.refuse(row, f"没有编号：请填写 {column} 列。")
        if name in seen:
            first = table.numbered[seen[name]]
            raise table.refuse(
                row, f"的编号“{name}”与第 {first} {table.unit}重复：请改正其中一个。"
            )
        seen[name] = row
    return ids


def places(table: Table, longitude: str, latitude: str, system: str) -> Floats:
    """WGS-84 places; NaN for those that cannot be used as they are written, (0, 0) included."""
    written = np.column_stack([table.numbers[longitude], table.numbers[latitude]])
    known = usable(written)
    found = np.full(written.shape, np.nan)
    found[known] = np.column_stack(to_wgs84(written[known, 0], written[known, 1], system))
    return found


def whole_numbers(
    table: Table,
    column: str,
    *,
    when_empty: int,
    most: int = 1_000_000_000,
    allowed: str = "不小于 0 的整数",
) -> Integers:
    """One number for each row, 0 to `most`; refuses the first row with what is not `allowed`."""
    cells = table.text.get(column, [""] * len(table))
    numbers = as_numbers(cells)
    empty = np.array([not cell for cell in cells], dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        wrong = ~empty & ~((numbers >= 0) & (numbers <= most) & (np.floor(numbers) == numbers))
    for row in np.flatnonzero(wrong)[:1]:
        raise table.refuse(row, f"的 {column} 是“{cells[row]}”：请填写{allowed}，或留空。")
    return np.where(empty, when_empty, np.nan_to_num(numbers)).astype(np.int64)
