"""Shapes that several nouns of the API share."""

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range

from geo.coordinates import SYSTEMS
from service.api.blueprint import Sent

MOST = 200
"""Lines of a list in one answer."""


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.String(metadata={"description": "总是 about:blank。"})
    status = fields.Integer(metadata={"description": "HTTP 状态码。"})
    title = fields.String(metadata={"description": "给人看的一句话。"})
    code = fields.String(metadata={"description": "给程序看的代码。"})
    faults = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": "哪一项不对、为什么，每项一条。"},
    )


class Paging(Sent):
    """Which part of a list is wanted."""

    after = fields.UUID(metadata={"description": "上一页的 next;不填从头开始。"})
    limit = fields.Integer(
        load_default=50,
        validate=Range(1, MOST, error=_l("应在 {min} 到 {max} 之间。")),
        metadata={"description": "每页几条，最多 200。"},
    )


class SentPoint(Sent):
    """A place as its source has it; the system is never guessed."""

    lon = fields.Float(
        required=True,
        validate=Range(-180, 180, error=_l("经度应在 -180 到 180 之间。")),
        metadata={"description": "经度，度。"},
    )
    lat = fields.Float(
        required=True,
        validate=Range(-90, 90, error=_l("纬度应在 -90 到 90 之间，是否与经度写反了？")),
        metadata={"description": "纬度，度。"},
    )
    system = fields.String(
        required=True,
        validate=OneOf(SYSTEMS, error=_l("应是 wgs84、gcj02、bd09 或 cgcs2000。")),
        metadata={"description": "坐标系：wgs84、gcj02、bd09 或 cgcs2000。"},
    )


class Point(Schema):
    """A place, WGS-84 degrees."""

    lon = fields.Float(metadata={"description": "经度（WGS-84）。"})
    lat = fields.Float(metadata={"description": "纬度（WGS-84）。"})


class Change(Schema):
    """The answer to a change."""

    id = fields.UUID(metadata={"description": "编号。"})
    state = fields.String(metadata={"description": "现在的状态。"})
