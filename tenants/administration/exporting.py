"""Everything a tenant holds, as files that any spreadsheet and any map programme opens.

One CSV for each table, opened where it is sealed, and one GeoJSON for each table with a place.
The tables are found in the model itself, so that a new one is not forgotten.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import shapely
from cryptography.exceptions import InvalidTag
from geoalchemy2 import Geometry
from sqlalchemy import Column, LargeBinary, Row, Table, func, select

from geo.shapes import to_geojson
from tenants.database import db
from tenants.organisations import remarks
from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope

LEFT_OUT: Final = {
    "tenant_key",
    "api_token",
    "job_request",
    "tenant_export",
    "tenant_opening",
    "device",
    "operation",
}
"""Keys and machinery: nothing that anybody entered. What tablets did stands with the visits."""
BATCH: Final = 2_000
README: Final = """本单位的全部数据

每张表一个 CSV 文件（UTF-8，第一行是列名），用任何表格软件都能打开；有位置的表另有一个
GeoJSON 文件（WGS-84，经度在前），用任何地图软件都能打开。
电话、住址等加密的内容在这里是打开的：请像名册一样保管，用完删除。
以 = + - @ 开头的内容前面加了一个单引号，免得表格软件把它当公式。
"""
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")

Said = Callable[[int, int], None]


def exported_tables() -> list[Table]:
    """Every table of tenants that holds what people entered, in the order of their keys."""
    return [
        table
        for table in db.metadata.sorted_tables
        if "tenant_id" in table.columns and table.name not in LEFT_OUT
    ]


def export(scope: Scope, said: Said) -> tuple[bytes, dict[str, int]]:
    """A ZIP of all the tenant's rows, and how many each table has. Asks in batches."""
    seal = seal_of(scope)
    tables, counts = exported_tables(), {}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("请先读我.txt", README)
        for at, table in enumerate(tables):
            said(at, len(tables))
            counts[table.name] = _write(scope, seal, table, archive)
    return packed.getvalue(), {name: count for name, count in counts.items() if count}


def _write(scope: Scope, seal: Seal, table: Table, archive: zipfile.ZipFile) -> int:
    columns = [column for column in table.columns if _is_told(column)]
    sheet = io.StringIO()
    written = csv.writer(sheet)
    written.writerow([_title(column) for column in columns])
    features: list[dict[str, Any]] = []
    count = 0
    for row in _rows(scope, table, columns):
        told = {column.name: _told(seal, row, column) for column in columns}
        written.writerow([_plain(value) for value in told.values()])
        features += _features(columns, told)
        count += 1
    if count:
        archive.writestr(f"{table.name}.csv", "\ufeff" + sheet.getvalue())
    if features:
        whole = {"type": "FeatureCollection", "features": features}
        archive.writestr(f"{table.name}.geojson", json.dumps(whole, ensure_ascii=False))
    return count


def _rows(scope: Scope, table: Table, columns: list[Column[Any]]) -> Iterator[Row[Any]]:
    """By key, so that no transaction stays open over the whole of a large table."""
    asked = [
        func.ST_AsBinary(column).label(column.name) if _is_place(column) else column
        for column in columns
    ]
    order = [column for column in table.primary_key.columns if column.name != "tenant_id"]
    question = select(*asked).where(table.c.tenant_id == scope.tenant_id).order_by(*order)
    done = 0
    while True:
        rows = db.session.execute(question.offset(done).limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        done += len(rows)


def _is_told(column: Column[Any]) -> bool:
    """Whole files and hashes are left out; sealed texts are opened."""
    if not isinstance(column.type, LargeBinary):
        return column.name != "tenant_id"
    whole = ("file_sealed", "reading_sealed", "key_sealed")
    return column.name.endswith("_sealed") and column.name not in whole


def _is_place(column: Column[Any]) -> bool:
    return isinstance(column.type, Geometry)


def _title(column: Column[Any]) -> str:
    return column.name.removesuffix("_sealed")


def _told(seal: Seal, row: Row[Any], column: Column[Any]) -> Any:
    value = row._mapping[column.name]
    if value is None:
        return None
    if _is_place(column):
        return shapely.from_wkb(bytes(value))
    if isinstance(column.type, LargeBinary):
        return _opened(seal, bytes(value), row._mapping["id"], _title(column))
    if isinstance(value, dict) and remarks.SEALED in value:
        return _with_remark(seal, value, row._mapping["subject_id"])
    return value


def _opened(seal: Seal, value: bytes, row_id: UUID, field: str) -> str:
    try:
        return seal.open(value, row_id, field)
    except (InvalidTag, UnicodeDecodeError):
        return "（打不开）"


def _with_remark(seal: Seal, facts: dict[str, Any], subject_id: UUID) -> dict[str, Any]:
    """What an audit entry says, with the sentence that was typed beside the act."""
    try:
        return remarks.told(seal, facts, subject_id)
    except InvalidTag:
        return {**facts, remarks.SEALED: "（打不开）"}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, shapely.Geometry):
        return str(shapely.to_wkt(value, rounding_precision=7))
    written = value.isoformat() if hasattr(value, "isoformat") else str(value)
    is_number = isinstance(value, int | float)
    return f"'{written}" if not is_number and _FORMULA.match(written) else written


def _features(columns: list[Column[Any]], told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One feature for each place of a row, with the row's plain values beside it."""
    plain = {
        _title(column): _plain(told[column.name]) for column in columns if not _is_place(column)
    }
    for column in columns:
        if _is_place(column) and told[column.name] is not None:
            yield {
                "type": "Feature",
                "geometry": to_geojson(told[column.name]),
                "properties": {**plain, "place": column.name},
            }
