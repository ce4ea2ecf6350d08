"""Cells out of a file into a draft: the same code is the same cell, everything or nothing."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import Polygon

from geo.coordinates import to_wgs84
from geo.drawn_cells import BadCell, as_cell, checked_place, read_cell
from tenants.database import new_id
from tenants.errors import InvalidInput
from tenants.grid.drafts.actions import edit_cells
from tenants.grid.drafts.changes import CellEdit, Seen
from tenants.grid.drafts.ground_files import BadGroundFile, GroundFeature, read_ground_file
from tenants.grid.drafts.lookups import draft_cells
from tenants.grid.drafts.rules import free_code
from tenants.organisations.lookups import boundary_shape
from tenants.scope import Scope

_CODES: Final = ("code", "编号", "网格编号", "wgbh", "bh", "id")
_NAMES: Final = ("name", "名称", "网格名称", "wgmc", "mc", "label")


@dataclass(frozen=True, slots=True)
class CellsRead:
    """What a file brought: new cells, cells known by their code, and cells it had not."""

    new: int
    known: int
    removed: int


def import_cells(
    scope: Scope, draft_id: UUID, content: bytes, system: str, *, instead: bool
) -> CellsRead:
    """Read cells in `system` into the draft. `instead`: cells the file does not name are removed.

    Raises InvalidInput that names the first shape which is no cell (its number in the file), and
    Conflict as `edit_cells`. A code in a file is kept; a shape without one gets a free one.
    """
    features = _features(content)
    boundary = boundary_shape(scope)
    known = {cell.code: cell for cell in draft_cells(scope, draft_id)}
    codes = _codes(features, set(known))
    edits = []
    for number, (feature, code) in enumerate(zip(features, codes, strict=True), start=1):
        shape = _cell(feature, number, system, boundary)
        cell = known.get(code)
        name = _word(feature, _NAMES)[:60] or (cell.name if cell else code)
        edits.append(
            CellEdit(new_id(), None, code, name, shape)
            if cell is None
            else CellEdit(cell.id, cell.version, code, name, shape, group_id=cell.group_id)
        )
    gone = [cell for code, cell in known.items() if instead and code not in codes]
    edit_cells(scope, draft_id, edits, [Seen(cell.id, cell.version) for cell in gone])
    met = sum(1 for code in codes if code in known)
    return CellsRead(len(edits) - met, met, len(gone))


def _features(content: bytes) -> list[GroundFeature]:
    try:
        found = read_ground_file(content)
    except BadGroundFile as bad:
        raise InvalidInput(bad.sentence, **bad.values) from bad
    if not found:
        raise InvalidInput("文件里没有网格。请核对是不是选对了文件。")
    return found


def _codes(features: list[GroundFeature], taken: set[str]) -> list[str]:
    written = [_word(feature, _CODES)[:20] for feature in features]
    for code in written:
        if code and written.count(code) > 1:
            raise InvalidInput("文件里编号 %(code)s 出现了不止一次，请改好再导入。", code=code)
    used = taken | set(written)
    codes = []
    for code in written:
        codes.append(code or free_code(used))
        used.add(codes[-1])
    return codes


def _cell(feature: GroundFeature, number: int, system: str, boundary: Any) -> Polygon:
    try:
        if feature.geometry is not None:
            # As it was written, so that an open ring is told and not closed in silence.
            shape = read_cell(feature.geometry, None)
        else:
            shape = read_cell(shapely.geometry.mapping(feature.shape), None)
        moved = as_cell(shapely.transform(shape, lambda degrees: _moved(degrees, system)))
        if moved is None:
            raise BadCell("crossing")
        return checked_place(moved, boundary)
    except BadCell as bad:
        raise InvalidInput(
            "第 %(number)s 个网格不能用：%(why)s",
            number=number,
            why=bad.sentence % bad.values,
            shape=bad.geometry,
        ) from bad


def _moved(degrees: np.ndarray, system: str) -> np.ndarray:
    return np.column_stack(to_wgs84(degrees[:, 0], degrees[:, 1], system))


def _word(feature: GroundFeature, names: tuple[str, ...]) -> str:
    """The first property of one of these names, in any case of letters."""
    by_name = {key.strip().lower(): value for key, value in feature.properties.items()}
    for name in names:
        value = by_name.get(name)
        if value not in (None, ""):
            return " ".join(str(value).split())
    return ""
