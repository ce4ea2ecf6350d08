"""Tables people bring to the command line (.csv, .xlsx, .geojson) and what is written back.

Nothing here knows Flask or the database. Whatever is wrong with a file is said in one Chinese
sentence: which file, which row, what, and what to do (:class:`UnusableInput`, exit code 2).
"""

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import StringIO
from itertools import islice, zip_longest
from pathlib import Path
from typing import IO, Any

import click
import numpy as np
import numpy.typing as npt
from python_calamine import CalamineError, CalamineWorkbook

Floats = npt.NDArray[np.float64]

_ROWS_AT_ONCE = 8192
_ENCODINGS = ("utf-8-sig", "gb18030")


class UnusableInput(click.ClickException):
    """A file or option that cannot be used; the message is one sentence for the person who runs it."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it on standard error."""
        click.echo(f"错误：{self.message}", err=True, file=file)


@dataclass(frozen=True)
class Table:
    """The columns asked for, one entry per row of the file; columns it does not have are missing.

    ``text`` cells are stripped strings, "" when empty; ``numbers`` are NaN when empty or unreadable.
    ``numbered`` are the rows as the person sees them (a sheet's header is row 1).
    """

    path: Path
    text: dict[str, list[str]]
    numbers: dict[str, Floats]
    numbered: Sequence[int]
    unit: str = "行"

    def __len__(self) -> int:
        return len(self.numbered)

    def refuse_all(self, sentence: str) -> UnusableInput:
        """The error that says what is wrong with the file as a whole."""
        return UnusableInput(f"{self.path.name} {sentence}。")

    def refuse(self, row: int, sentence: str) -> UnusableInput:
        """The error that says what is wrong with ``row`` (counted from 0)."""
        return UnusableInput(f"{self.path.name} 第 {self.numbered[row]} {self.unit}{sentence}")


def read_table(
    path: Path, *, text: Sequence[str], numbers: Sequence[str], required: Sequence[str]
) -> Table:
    """Read the named columns; header names are compared without case and surrounding space."""
    readers = {".csv": _read_csv, ".xlsx": _read_xlsx, ".geojson": _read_geojson}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnusableInput(f"{path.name} 的格式不认识：请使用 .csv、.xlsx 或 .geojson 文件。")
    try:
        table = reader(path, text, numbers)
    except OSError as error:
        raise UnusableInput(f"无法读取 {path}：{_reason(error)}。") from error
    for name in required:
        if name not in table.text and name not in table.numbers:
            raise UnusableInput(
                f"{path.name} 缺少列 {name}：请在第 1 行写明列名 {','.join(required)}。"
            )
    return table


def _reason(error: OSError) -> str:
    known = {
        FileNotFoundError: "没有这个文件，请检查路径",
        PermissionError: "没有权限，请检查文件的权限",
        IsADirectoryError: "这是一个文件夹，请指定文件",
        NotADirectoryError: "路径中有一段不是文件夹，请检查路径",
    }
    return known.get(type(error), error.strerror or "请检查文件")


def _read_csv(path: Path, text: Sequence[str], numbers: Sequence[str]) -> Table:
    content = _decoded(path)
    first_line = content[: content.find("\n") + 1] or content
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","

    def rows() -> Iterator[list[str]]:
        return csv.reader(StringIO(content, newline=""), delimiter=delimiter, strict=True)

    try:
        return _from_rows(path, rows(), text, numbers)
    except csv.Error as error:
        raise UnusableInput(
            f"{path.name} 第 {_readable(rows()) + 1} 行的引号或分隔符有误："
            "请检查这一行，或另存为 CSV 再试。"
        ) from error


def _readable(rows: Iterator[list[str]]) -> int:
    """How many rows can be read before the one that cannot."""
    count = 0
    with suppress(csv.Error):
        for _ in rows:
            count += 1
    return count


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableInput(f"{path.name} 的文字编码不认识：请另存为 UTF-8 或 GB18030 的 CSV。")


def _read_xlsx(path: Path, text: Sequence[str], numbers: Sequence[str]) -> Table:
    path.open("rb").close()
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise UnusableInput(
            f"{path.name} 不是可读的 Excel 工作簿：请在 Excel 中打开并另存为 .xlsx。"
        ) from error
    return _from_rows(path, ([_as_text(cell) for cell in row] for row in rows), text, numbers)


def _as_text(cell: object) -> str:
    """A sheet keeps every number as a float: 12.0 was typed as 12."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _from_rows(
    path: Path, rows: Iterator[list[str]], text: Sequence[str], numbers: Sequence[str]
) -> Table:
    header = [cell.strip().lower() for cell in next(rows, [])]
    if not any(header):
        raise UnusableInput(f"{path.name} 的第 1 行是空的：请在第 1 行写明列名。")
    for name in (*text, *numbers):
        if header.count(name) > 1:
            raise UnusableInput(f"{path.name} 的列 {name} 出现了不止一次：请只保留一列。")
    place = {name: header.index(name) for name in (*text, *numbers) if name in header}
    words: dict[str, list[str]] = {name: [] for name in text if name in place}
    parts: dict[str, list[Floats]] = {name: [np.zeros(0)] for name in numbers if name in place}
    numbered: list[int] = []
    at = 2
    while block := list(islice(rows, _ROWS_AT_ONCE)):
        full = [row for row in block if "".join(row).strip()]
        if len(full) == len(block):
            numbered.extend(range(at, at + len(block)))
        else:
            numbered.extend(at + i for i, row in enumerate(block) if "".join(row).strip())
        at += len(block)
        columns = list(zip_longest(*full, fillvalue=""))
        blank = ("",) * len(full)
        for name, index in place.items():
            cells = columns[index] if index < len(columns) else blank
            if name in words:
                words[name].extend(map(str.strip, cells))
            else:
                parts[name].append(as_numbers(cells))
    joined = {name: np.concatenate(blocks) for name, blocks in parts.items()}
    return Table(path, words, joined, numbered)


def as_numbers(cells: Sequence[str]) -> Floats:
    """Numbers of cells (n,); NaN where a cell is empty or is no number."""
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        return np.fromiter(map(_as_number, cells), dtype=np.float64, count=len(cells))


def _as_number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _read_geojson(path: Path, text: Sequence[str], numbers: Sequence[str]) -> Table:
    """Points carry lon and lat, their properties the rest; the id may stand in for a first column."""
    try:
        collection = json.loads(_decoded(path))
        features = collection["features"]
        if collection["type"] != "FeatureCollection" or not isinstance(features, list):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnusableInput(
            f"{path.name} 不是 GeoJSON 的 FeatureCollection：请重新导出点图层。"
        ) from error
    rows: list[dict[str, object]] = []
    names: dict[str, None] = {"lon": None, "lat": None}
    for number, feature in enumerate(features, start=1):
        row = _from_feature(feature, text[0])
        if row is None:
            raise UnusableInput(f"{path.name} 第 {number} 个要素不是点：请只导出点(Point)。")
        rows.append(row)
        names.update(dict.fromkeys(row))
    return Table(
        path,
        {name: [_as_text(row.get(name)).strip() for row in rows] for name in text if name in names},
        {
            name: as_numbers([_as_text(row.get(name)) for row in rows])
            for name in numbers
            if name in names
        },
        range(1, len(rows) + 1),
        unit="个要素",
    )


def _from_feature(feature: object, identifier: str) -> dict[str, object] | None:
    if not isinstance(feature, dict):
        return None
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        return None
    row = {str(name).strip().lower(): cell for name, cell in properties.items()}
    row.setdefault(identifier, feature.get("id"))
    geometry = feature.get("geometry")
    if geometry is None:
        return {**row, "lon": None, "lat": None}
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    position = geometry.get("coordinates") or [None, None]
    if not isinstance(position, list) or len(position) < 2:
        return None
    return {**row, "lon": position[0], "lat": position[1]}


@contextmanager
def written_at_once(path: Path) -> Iterator[IO[str]]:
    """A text file that appears whole or not at all: written beside ``path``, then renamed."""
    goal = path.resolve()
    special = goal.exists() and not goal.is_file() and not goal.is_dir()
    beside = goal if special else goal.with_name(f".{goal.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            yield file
        if not special:
            beside.replace(goal)
    except OSError as error:
        raise UnusableInput(f"无法写入 {path}：{_reason(error)}。") from error
    finally:
        if not special:
            beside.unlink(missing_ok=True)


def write_rows(path: Path, header: Sequence[str], columns: Sequence[Iterable[object]]) -> None:
    """Write columns of equal length as CSV: UTF-8, one line feed a row."""
    with written_at_once(path) as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(zip(*columns, strict=True))


def write_json(path: Path, value: object, indent: int | None = 2) -> None:
    """Write one JSON document, Chinese left readable; ``indent`` None keeps long ones short."""
    with written_at_once(path) as file:
        file.write(json.dumps(value, ensure_ascii=False, indent=indent))
        file.write("\n")
