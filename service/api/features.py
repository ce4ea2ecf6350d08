"""What the map draws: one layer in one box. No person's name is in any of it."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, json, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Range

from geo.shapes import Box
from service.api.blueprint import Noun, Sent
from service.rights import allows, needs
from service.saving import saving
from tenants.arrivals.lookups import arrival_features
from tenants.audit.actions import note
from tenants.errors import NotFound
from tenants.grid.lookups import cell_features
from tenants.members.features import member_features
from tenants.organisations.lookups import boundary_feature
from tenants.oversight.lookups import boundaries_below
from tenants.places.buildings_features import building_features
from tenants.places.lookups import place_features
from tenants.scope import Scope

features = Noun("features", __name__, title="地图要素", description="按范围和缩放取一个图层。")

Found = tuple[list[dict[str, Any]], int]


class BoxField(fields.Field[Box]):
    """west,south,east,north in degrees, cut to the world's edge; maps ask a little beyond."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Box:
        try:
            west, south, east, north = (float(part) for part in str(value).split(","))
        except ValueError:
            raise ValidationError(_("应是四个数：西，南，东，北。")) from None
        west, east = max(west, -180.0), min(east, 180.0)
        south, north = max(south, -90.0), min(north, 90.0)
        if not (west < east and south < north):
            raise ValidationError(_("西要小于东，南要小于北，单位是度。"))
        return Box(west, south, east, north)


class Window(Sent):
    """The part of the map that is in sight."""

    bbox = BoxField(
        required=True,
        metadata={"description": "西，南，东，北（WGS-84 度）。", "type": "string"},
    )
    zoom = fields.Integer(
        required=True,
        validate=Range(0, 24, error=_l("应在 {min} 到 {max} 之间。")),
        metadata={"description": "地图缩放级别，决定人多时怎样合并。"},
    )
    own = fields.Boolean(
        load_default=False,
        metadata={"description": "只要自己负责的网格；别的图层没有变化。"},
    )


class FeatureCollection(Schema):
    """GeoJSON (RFC 7946), coordinates in WGS-84."""

    type = fields.Constant("FeatureCollection", metadata={"type": "string"})
    features = fields.List(fields.Dict(), metadata={"description": "GeoJSON 要素。"})
    total = fields.Integer(metadata={"description": "范围内共有多少。"})


@features.route("/features/<string:layer>")
@needs("see_map")
@features.arguments(Window, location="query")
@features.response(200, FeatureCollection, content_type="application/geo+json")
@features.alt_response(422, "UNPROCESSABLE_ENTITY")
def show(window: dict[str, Any], layer: str) -> Response:
    """一个图层在一个范围内的要素

    图层：boundary 边界、cells 网格、buildings 小区和楼栋（放大到 16 级起）、branches 支部、stations 服务站、arrivals 待安排的流入党员、
    members 党员住处。点超过 1500 个时合并计数；党员住处只有网格长看得到本网格的点，别人只看到
    计数。不含任何人的姓名。
    """
    scope: Scope = g.scope
    if layer not in LAYERS or not allows(scope.role, LAYERS[layer][0]):
        raise NotFound
    _right, find, shows_people = LAYERS[layer]
    found, total = find(scope, window["bbox"], window["zoom"])
    if window["own"]:
        found = [one for one in found if one["properties"].get("own", True)]
        total = min(total, len(found)) if layer == "cells" else total
    return feature_collection(layer, found, total, people=shows_people, keep=not shows_people)


def feature_collection(
    layer: str, found: list[dict[str, Any]], total: int, *, people: bool, keep: bool = False
) -> Response:
    """A layer's features as GeoJSON. `people`: the reading is written down.

    `keep`: a browser may keep the answer if it asks each time; never for where people live.
    """
    if people:
        with saving():
            note(g.scope, "read_features", "layer", layer=layer, count=total)
    for feature in found:
        feature["properties"]["kind"] = layer
    body = json.dumps({"type": "FeatureCollection", "features": found, "total": total})
    answer = Response(body, content_type="application/geo+json")
    if keep:
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.add_etag()
        answer.make_conditional(request)
    return answer


def _boundary(scope: Scope, box: Box, zoom: int) -> Found:
    if scope.level != "community":
        below = boundaries_below(scope, box)
        return [_shape(slug, name, shape) for slug, name, shape in below], len(below)
    found = boundary_feature(scope)
    if found is None:
        return [], 0
    return [_shape(scope.slug, scope.name, found["geometry"])], 1


def _cells(scope: Scope, box: Box, zoom: int) -> Found:
    found = cell_features(scope, box)
    return [_shape(id_, name, shape, own=own) for id_, name, shape, own in found], len(found)


def _branches(scope: Scope, box: Box, zoom: int) -> Found:
    return _places(scope, "branches", box)


def _stations(scope: Scope, box: Box, zoom: int) -> Found:
    return _places(scope, "stations", box)


def _places(scope: Scope, kind: str, box: Box) -> Found:
    found = place_features(scope, kind, box)
    return [_shape(id_, name, point) for id_, name, _kind, point in found], len(found)


def _shape(id_: object, label: str, geometry: str, **further: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": json.loads(geometry),
        "properties": {"id": str(id_), "label": label, **further},
    }


LAYERS: dict[str, tuple[str, Callable[[Scope, Box, int], Found], bool]] = {
    "boundary": ("see_map", _boundary, False),
    "cells": ("see_map", _cells, False),
    "buildings": ("see_map", building_features, False),
    "branches": ("see_places", _branches, False),
    "stations": ("see_places", _stations, False),
    "arrivals": ("see_arrivals", arrival_features, True),
    "members": ("see_members", member_features, True),
}
"""Layer -> the right it needs, where it is found, whether it shows where people live."""
