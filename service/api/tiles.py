"""The ground as vector tiles: a community's cells, and what lies below an office. No people.

The address holds the mark of what it shows, so a browser fetches each tile once and keeps it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

from flask import Response, g
from flask_babel import gettext as _

from geo.tiles import MAX_ZOOM, TYPE, Coverage, Cutter, coverage
from service.api.blueprint import Noun
from service.rights import needs
from tenants.errors import InvalidInput, NotFound
from tenants.grid.ground import cells_mark, ground_of_cells
from tenants.oversight.ground import (
    cells_below,
    cells_below_mark,
    communities_below,
    communities_below_mark,
)
from tenants.scope import Scope

tiles = Noun("tiles", __name__, title="地图瓦片", description="网格和边界的矢量瓦片（MVT）。")

FOREVER = "private, max-age=31536000, immutable"
Kept = TypeVar("Kept")


class Shelf:
    """A few things that were costly to make, the longest unused one given up first."""

    def __init__(self, room: int) -> None:
        self._room, self._things, self._lock = room, OrderedDict[Hashable, Any](), Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return cast(Kept, self._things[key])
        made = make()
        with self._lock:
            self._things[key] = made
            while len(self._things) > self._room:
                self._things.popitem(last=False)
        return made

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._things


_coverages, _cutters, _cuts = Shelf(16), Shelf(24), Shelf(4096)


@tiles.route("/tiles/<string:ground>/<string:mark>/<int:z>/<int:x>/<int:y>")
@needs("see_map")
@tiles.response(200, content_type=TYPE, description="Mapbox Vector Tile 2.1，边长 512 像素。")
@tiles.alt_response(422, "UNPROCESSABLE_ENTITY")
def show(ground: str, mark: str, z: int, x: int, y: int) -> Response:
    """一块瓦片

    ground：cells 网格；boundary 下级社区的边界（县、乡镇）。mark 是内容的标记：标记对，答案可以永久
    保存；标记过时，答案是现在的样子，不保存。
    """
    if not (z <= MAX_ZOOM and x < 2**z and y < 2**z):
        raise InvalidInput(_("没有这块瓦片：级别或行列号超出范围。"))
    scope: Scope = g.scope
    if ground not in _layers(scope):
        raise NotFound
    of = (scope.tenant_id, scope.level, ground, mark)
    current = of in _coverages or mark == mark_of(scope, ground)
    if not current:
        of = (scope.tenant_id, scope.level, ground, mark_of(scope, ground))
    cut = _cuts.get((*of, z, x, y), lambda: _cutter(scope, ground, of, z).cut(x, y))
    answer = Response(cut, content_type=TYPE)
    answer.headers["Cache-Control"] = FOREVER if current else "no-store"
    return answer


def mark_of(scope: Scope, layer: str) -> str:
    """The mark of what a layer shows this scope now. KeyError when it has no such layer."""
    return _layers(scope)[layer][0](scope)


def address_of(scope: Scope, layer: str) -> str:
    """Where the layer's tiles are, up to z/x/y."""
    return f"/api/v1/tenants/{scope.slug}/tiles/{layer}/{mark_of(scope, layer)}/"


def _cutter(scope: Scope, layer: str, of: tuple[object, ...], z: int) -> Cutter:
    make = _layers(scope)[layer][1]
    whole = _coverages.get(of, lambda: make(scope))
    return _cutters.get((*of, z), lambda: Cutter(whole, z))


def _own_cells(scope: Scope) -> Coverage:
    found = ground_of_cells(scope)
    return coverage([s for *_, s in found], [n for _, n, _ in found], [i for i, *_ in found])


def _cells_below(scope: Scope) -> Coverage:
    """Thousands: outlines alone."""
    found = cells_below(scope)
    return coverage([s for *_, s in found], [""] * len(found), None)


def _communities_below(scope: Scope) -> Coverage:
    found = communities_below(scope)
    return coverage([s for *_, s in found], [n for _, n, _ in found], [i for i, *_ in found])


Layers = dict[str, tuple[Callable[[Scope], str], Callable[[Scope], Coverage]]]

_OWN: Layers = {"cells": (cells_mark, _own_cells)}
_BELOW: Layers = {
    "cells": (cells_below_mark, _cells_below),
    "boundary": (communities_below_mark, _communities_below),
}


def _layers(scope: Scope) -> Layers:
    return _OWN if scope.level == "community" else _BELOW
