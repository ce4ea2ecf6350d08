"""Buildings on the map: outlines where they are known, else points."""

import json
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import cast, func, or_, select

from geo.shapes import Box
from tenants.database import db
from tenants.places.buildings_lookups import visible
from tenants.places.records import Building
from tenants.scope import Scope

MOST_FEATURES = 3000
FOOTPRINTS_FROM = 16
"""The zoom from which buildings are drawn; farther out they would only be a grey."""


def building_features(scope: Scope, box: Box, zoom: int) -> tuple[list[dict[str, Any]], int]:
    """(GeoJSON features, how many) of open buildings in a box: outlines where known, else points.

    Nothing below FOOTPRINTS_FROM; compounds as points only. Properties: id, label, what (its kind).
    """
    if zoom < FOOTPRINTS_FROM:
        return [], 0
    envelope = func.ST_MakeEnvelope(*box, 4326)
    shape = func.coalesce(
        cast(Building.footprint, Geometry(srid=4326)), cast(Building.place, Geometry(srid=4326))
    )
    rows = db.session.execute(
        select(Building.id, Building.name, Building.kind, func.ST_AsGeoJSON(shape, 7))
        .where(
            visible(scope),
            Building.closed_on.is_(None),
            or_(Building.place.op("&&")(envelope), Building.footprint.op("&&")(envelope)),
        )
        .order_by(Building.id)
        .limit(MOST_FEATURES)
    ).all()
    found = [
        {
            "type": "Feature",
            "geometry": json.loads(shape_),
            "properties": {"id": str(id_), "label": name, "what": kind},
        }
        for id_, name, kind, shape_ in rows
    ]
    return found, len(found)
