"""What a draft of the grid takes and answers over the API."""

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length

from service.api.blueprint import Sent
from service.api.features import FeatureCollection

MOST_AT_ONCE = 500
"""Cells in one save: a border that many cells share, not a whole file (those are imported)."""


class SentCell(Sent):
    """A cell as it should be."""

    id = fields.UUID(required=True, metadata={"description": "编号，新网格由画的人生成。"})
    version = fields.Integer(
        load_default=None, allow_none=True, metadata={"description": "看到的版本；空表示新网格。"}
    )
    code = fields.String(
        required=True,
        validate=Length(1, 20, error=_l("1 到 20 个字。")),
        metadata={"description": "网格编号。"},
    )
    name = fields.String(
        load_default="",
        validate=Length(max=60, error=_l("最多 60 个字。")),
        metadata={"description": "名称。"},
    )
    geometry = fields.Dict(
        load_default=None,
        allow_none=True,
        metadata={"description": "GeoJSON 面（WGS-84）；空表示形状不变。"},
    )
    continues = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "新网格接续今天的哪个网格；空表示哪个也不接续。"},
    )
    group = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "新网格由哪个党小组负责。"},
    )


class SeenCell(Sent):
    """A cell and the version somebody saw."""

    id = fields.UUID(required=True, metadata={"description": "编号。"})
    version = fields.Integer(required=True, metadata={"description": "看到的版本。"})


class CellEdits(Sent):
    """One save: all of it or nothing."""

    cells = fields.List(
        fields.Nested(SentCell),
        load_default=list,
        validate=Length(max=MOST_AT_ONCE, error=_l("一次最多保存 {max} 个网格。")),
        metadata={"description": "新画或改过的网格。"},
    )
    removed = fields.List(
        fields.Nested(SeenCell),
        load_default=list,
        validate=Length(max=MOST_AT_ONCE, error=_l("一次最多保存 {max} 个网格。")),
        metadata={"description": "删去的网格。"},
    )


class CellCut(Sent):
    """A cell and the line that cuts it in two."""

    cell = fields.Nested(SeenCell, required=True)
    line = fields.List(
        fields.List(fields.Float()),
        required=True,
        validate=Length(2, 1000, error=_l("一条线要有 {min} 到 {max} 个点。")),
        metadata={"description": "线上的点 [经度, 纬度]（WGS-84）。"},
    )


class CellsJoined(Sent):
    """Two neighbours that become one."""

    kept = fields.Nested(SeenCell, required=True)
    other = fields.Nested(SeenCell, required=True)


class CellsSince(Sent):
    """What the asker has seen."""

    since = fields.Integer(
        load_default=0, metadata={"description": "看到的草稿版本；没有更新的就不再取。"}
    )


class DraftCells(FeatureCollection):
    """The cells of a draft and its version."""

    type = fields.Constant(
        "FeatureCollection",
        metadata={"type": "string", "description": "总是 FeatureCollection。"},
    )
    version = fields.Integer(metadata={"description": "草稿的版本。"})
    state = fields.String(metadata={"description": "草稿的状态。"})


class CellsKept(DraftCells):
    """What a save changed, and every fault round it."""

    faults = fields.List(fields.Dict(), metadata={"description": "改动周围的问题，GeoJSON 要素。"})
    window = fields.List(
        fields.Float(), metadata={"description": "周围的范围：原来在其中的问题不再有效。"}
    )
    removed = fields.List(fields.UUID(), metadata={"description": "删去的网格。"})


class SnappedCell(Schema):
    """A cell drawn to its neighbours, for a person to look at; nothing was kept."""

    geometry = fields.Dict(metadata={"description": "贴合以后的形状，GeoJSON。"})
    moves = fields.List(
        fields.Dict(), metadata={"description": "移动的顶点：from、to 和 metres（米）。"}
    )
