"""A draft of the grid while it is drawn: its cells, what is wrong with them, and each save."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Response, g, json
from shapely.geometry import LineString, mapping

from geo.grid import Around
from geo.grid_faults import Fault
from service.api.blueprint import Noun
from service.api.features import FeatureCollection
from service.api.grid_schemas import (
    CellCut,
    CellEdits,
    CellsJoined,
    CellsKept,
    CellsSince,
    DraftCells,
    SnappedCell,
)
from service.rights import needs
from service.saving import saving
from service.sentences import translated
from tenants.errors import InvalidInput
from tenants.grid.drafts import lookups
from tenants.grid.drafts.actions import edit_cells
from tenants.grid.drafts.changes import CellEdit, Edited, Seen
from tenants.grid.drafts.cutting import merge_cells, snapped, split_cell
from tenants.redraws.lookups import judged_with_buildings

grid_drafts = Noun(
    "grid_drafts", __name__, title="网格草稿", description="画网格：保存、检查、拆分、合并。"
)


@grid_drafts.route("/grid/drafts/<uuid:draft_id>/cells")
@needs("edit_grid")
@grid_drafts.arguments(CellsSince, location="query")
@grid_drafts.response(200, DraftCells, content_type="application/geo+json")
@grid_drafts.alt_response(404, "NOT_FOUND")
def cells(seen: dict[str, int], draft_id: UUID) -> Response:
    """一份草稿的全部网格

    since 与现在的版本相同时，features 是空的。
    """
    found = lookups.draft(g.scope, draft_id)
    drawn = [] if seen["since"] == found.version else lookups.draft_cells(g.scope, draft_id)
    return _collection(found, drawn)


@grid_drafts.route("/grid/drafts/<uuid:draft_id>/faults")
@needs("edit_grid")
@grid_drafts.response(200, FeatureCollection, content_type="application/geo+json")
@grid_drafts.alt_response(404, "NOT_FOUND")
def faults(draft_id: UUID) -> Response:
    """一份草稿里的全部问题

    properties：code、sentence、blocking、cells。
    """
    lookups.draft(g.scope, draft_id)
    found = _faults(judged_with_buildings(g.scope, draft_id).faults)
    return _geojson({"type": "FeatureCollection", "features": found, "total": len(found)})


@grid_drafts.route("/grid/drafts/<uuid:draft_id>/edits", methods=["POST"])
@needs("edit_grid")
@grid_drafts.arguments(CellEdits)
@grid_drafts.response(200, CellsKept, content_type="application/geo+json")
@grid_drafts.alt_response(404, "NOT_FOUND")
@grid_drafts.alt_response(409, "CONFLICT")
@grid_drafts.alt_response(422, "UNPROCESSABLE_ENTITY")
def edit(sent: dict[str, Any], draft_id: UUID) -> Response:
    """保存改动：全部保存，或一个也不保存

    别人改过同一个网格时回答 409，theirs 是对方的画法；形状不能用时回答 422，shape 是要标出的位置。
    """
    edits = [
        CellEdit(
            one["id"],
            one["version"],
            one["code"],
            one["name"],
            one["geometry"],
            one["continues"],
            one["group"],
        )
        for one in sent["cells"]
    ]
    removed = [Seen(**one) for one in sent["removed"]]
    with saving():
        kept = edit_cells(g.scope, draft_id, edits, removed)
    return _kept(draft_id, kept, [one.id for one in removed])


@grid_drafts.route("/grid/drafts/<uuid:draft_id>/split", methods=["POST"])
@needs("edit_grid")
@grid_drafts.arguments(CellCut)
@grid_drafts.response(200, CellsKept, content_type="application/geo+json")
@grid_drafts.alt_response(404, "NOT_FOUND")
@grid_drafts.alt_response(409, "CONFLICT")
@grid_drafts.alt_response(422, "UNPROCESSABLE_ENTITY")
def split(sent: dict[str, Any], draft_id: UUID) -> Response:
    """沿一条线把网格拆成两个

    大的一块沿用原来的编号、网格长和党小组。
    """
    if any(len(place) != 2 for place in sent["line"]):
        raise InvalidInput("线上的每个点都是经度和纬度两个数。")
    with saving():
        kept = split_cell(g.scope, draft_id, Seen(**sent["cell"]), LineString(sent["line"]))
    return _kept(draft_id, kept, [])


@grid_drafts.route("/grid/drafts/<uuid:draft_id>/merge", methods=["POST"])
@needs("edit_grid")
@grid_drafts.arguments(CellsJoined)
@grid_drafts.response(200, CellsKept, content_type="application/geo+json")
@grid_drafts.alt_response(404, "NOT_FOUND")
@grid_drafts.alt_response(409, "CONFLICT")
@grid_drafts.alt_response(422, "UNPROCESSABLE_ENTITY")
def merge(sent: dict[str, Any], draft_id: UUID) -> Response:
    """把相邻的两个网格合成一个

    合成的网格沿用 kept 的编号、网格长和党小组。
    """
    kept, other = Seen(**sent["kept"]), Seen(**sent["other"])
    with saving():
        done = merge_cells(g.scope, draft_id, kept, other)
    return _kept(draft_id, done, [other.id])


@grid_drafts.route("/grid/drafts/<uuid:draft_id>/cells/<uuid:draft_cell_id>/snapped")
@needs("edit_grid")
@grid_drafts.response(200, SnappedCell)
@grid_drafts.alt_response(404, "NOT_FOUND")
@grid_drafts.alt_response(422, "UNPROCESSABLE_ENTITY")
def snapping(draft_id: UUID, draft_cell_id: UUID) -> dict[str, Any]:
    """网格贴合到相邻边线以后的样子；不保存"""
    found = snapped(g.scope, draft_id, draft_cell_id)
    moves = [{"from": start, "to": end, "metres": far} for start, end, far in found.moves]
    return {"geometry": mapping(found.shape), "moves": moves}


def _kept(draft_id: UUID, kept: Edited, removed: list[UUID]) -> Response:
    around: Around[UUID] | None = lookups.judged_around(g.scope, draft_id, kept.shapes)
    found = lookups.draft(g.scope, draft_id)
    drawn = lookups.draft_cells_by_id(g.scope, draft_id, kept.versions)
    body = {
        **_body(found, drawn),
        "faults": [] if around is None else _faults(around.faults),
        "window": [] if around is None else list(around.window),
        "removed": [str(id_) for id_ in removed],
    }
    return _geojson(body)


def _collection(found: lookups.Draft, drawn: list[lookups.DrawnCell]) -> Response:
    return _geojson(_body(found, drawn))


def _body(found: lookups.Draft, drawn: list[lookups.DrawnCell]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [_feature(cell) for cell in drawn],
        "total": len(drawn),
        "version": found.version,
        "state": found.state,
    }


def _feature(cell: lookups.DrawnCell) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(cell.id),
        "geometry": mapping(cell.shape),
        "properties": {
            "id": str(cell.id),
            "code": cell.code,
            "label": cell.name,
            "version": cell.version,
            "continues": cell.from_cell_id and str(cell.from_cell_id),
            "group": cell.group_id and str(cell.group_id),
            "differs": cell.differs,
        },
    }


def _faults(found: Iterable[Fault[UUID]]) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "geometry": fault.geometry,
            "properties": {
                "code": fault.code,
                "sentence": translated(fault.sentence) % fault.values,
                "blocking": fault.blocking,
                "cells": [str(cell) for cell in fault.cells],
            },
        }
        for fault in found
    ]


def _geojson(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), content_type="application/geo+json")
