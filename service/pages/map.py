"""The tenant's map: composed by folium, framed by our page, filled by the feature API."""

from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask_babel import gettext as _

from geo.maps import SCRIPTS, STYLES, Bounds, FeatureLayer, Kind, MapParts, compose
from service.api.tiles import address_of
from service.headers import csp_nonce
from service.pages.base_map import base_map_of
from service.rights import allows, needs
from tenants.grid.ground import own_extent
from tenants.organisations.lookups import boundary_feature
from tenants.oversight.lookups import bounds_below
from tenants.scope import Scope

map_page = Blueprint("map", __name__)

LOWEST_FIRST: tuple[tuple[str, Kind, str], ...] = (
    ("boundary", "boundary", "see_map"),
    ("cells", "cell", "see_map"),
    ("buildings", "building", "see_map"),
    ("members", "member", "see_members"),
    ("stations", "station", "see_places"),
    ("branches", "branch", "see_places"),
    ("arrivals", "arrival", "see_arrivals"),
)
"""Layer, how it is drawn, the right it needs."""

CELLS_NEAR = 15
"""From this zoom on a community's cells are exact and can be edited; below they are tiles."""
ALWAYS_FAR = 99


@map_page.get("/map")
@needs("see_map")
def show() -> str:
    """No person is in this page: layers name their addresses, the browser asks the API."""
    scope: Scope = g.scope
    shown = [layer for layer in LOWEST_FIRST if allows(scope.role, layer[2])]
    return render_template(
        "map/show.html",
        drawn=_drawn(scope, shown),
        layers=_switch(shown),
        cards_url=f"/t/{scope.slug}/cards/",
        list_url=url_for(
            "arrivals.index" if allows(scope.role, "see_arrivals") else "places.index",
            tenant=scope.slug,
        ),
        boundary_url=None,
    )


def _drawn(scope: Scope, shown: list[tuple[str, Kind, str]]) -> MapParts | None:
    bounds = _bounds(scope)
    if bounds is None:
        return None
    return compose(
        bounds,
        [_layer(scope, key, kind) for key, kind, _right in shown],
        scripts=[url_for("static", filename=name) for name in SCRIPTS],
        styles=[url_for("static", filename=name) for name in STYLES],
        nonce=csp_nonce(),
        first=_own_ground(scope),
        ground=base_map_of(scope),
    )


def _layer(scope: Scope, key: str, kind: Kind) -> FeatureLayer:
    """The ground below an office is drawn from tiles alone, a community's cells far out."""
    url = f"/api/v1/tenants/{scope.slug}/features/{key}"
    if scope.level != "community" and key in ("boundary", "cells"):
        return FeatureLayer(key, url, kind, tiles=address_of(scope, key), near=ALWAYS_FAR)
    if key == "cells":
        own = bool(scope.cell_ids)
        return FeatureLayer(key, url, kind, tiles=address_of(scope, key), near=CELLS_NEAR, own=own)
    # Buildings lie under whoever lives in them: shown to who asks for them, found by the search.
    return FeatureLayer(key, url, kind, shown=key != "buildings")


def _own_ground(scope: Scope) -> Bounds | None:
    """A leader's map opens at their own cells."""
    own = own_extent(scope)
    return None if own is None else Bounds(*own)


def _bounds(scope: Scope) -> Bounds | None:
    if scope.level == "community":
        boundary = boundary_feature(scope)
        return None if boundary is None else Bounds(*boundary["bounds"])
    below = bounds_below(scope)
    return None if below is None else Bounds(*below)


def _switch(shown: list[tuple[str, Kind, str]]) -> list[dict[str, Any]]:
    words = {
        "boundary": (_("辖区边界"), None),
        "cells": (_("各网格"), None),
        "members": (_("党员住处"), _("{n} 位党员")),
        "buildings": (_("小区和楼栋"), None),
        "stations": (_("服务站点"), None),
        "branches": (_("支部"), None),
        "arrivals": (_("待安排的流入党员"), _("{n} 位待安排")),
    }
    return [
        {"key": key, "kind": kind, "label": words[key][0], "count": words[key][1]}
        for key, kind, _right in reversed(shown)
    ]
