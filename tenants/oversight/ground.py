"""The ground below an office: its communities and their cells. Lines and names of places, no people.

Each has a mark: a word that is another one as soon as something of it changed.
"""

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from tenants.database import overseeing
from tenants.errors import NotAllowed
from tenants.scope import Scope

Ground = list[tuple[str, str, BaseGeometry]]

_CELLS = "grid_cell c WHERE c.valid_to IS NULL"
_COMMUNITIES = (
    "boundary c JOIN tenant t ON t.id = c.tenant_id "
    "WHERE c.valid_to IS NULL AND t.level = 'community' AND t.closed_at IS NULL"
)
_MARK = "SELECT md5(string_agg(md5(concat({told}, md5(ST_AsBinary(c.shape)))), '' ORDER BY {id}))"


def cells_below_mark(scope: Scope) -> str:
    """The mark of `cells_below`."""
    return _mark(scope, _MARK.format(told="c.id", id="c.id"), _CELLS)


def cells_below(scope: Scope) -> Ground:
    """Every cell of today below the office: id, no name, shape (WGS-84), by id."""
    return _ground(scope, "SELECT c.id, '', ST_AsBinary(c.shape)", _CELLS, "c.id")


def communities_below_mark(scope: Scope) -> str:
    """The mark of `communities_below`."""
    return _mark(scope, _MARK.format(told="t.slug, t.name", id="t.slug"), _COMMUNITIES)


def communities_below(scope: Scope) -> Ground:
    """Every open community below the office: slug, name, boundary (WGS-84), by slug."""
    return _ground(scope, "SELECT t.slug, t.name, ST_AsBinary(c.shape)", _COMMUNITIES, "t.slug")


def townships_drawn(scope: Scope) -> list[tuple[str, BaseGeometry]]:
    """Slug of each township's office and the ground of its communities together, by area."""
    _upper_only(scope)
    with overseeing() as connection:
        rows = connection.execute(
            text("""
                SELECT o.slug, ST_AsBinary(ST_Union(b.shape))
                FROM boundary b JOIN tenant t ON t.id = b.tenant_id
                JOIN tenant o ON o.area = t.area / 1000 * 1000
                WHERE b.valid_to IS NULL AND t.level = 'community' AND t.closed_at IS NULL
                GROUP BY o.slug, o.area ORDER BY o.area
            """)
        )
        return [(slug, shapely.from_wkb(bytes(wkb))) for slug, wkb in rows]


def _mark(scope: Scope, what: str, whence: str) -> str:
    _upper_only(scope)
    with overseeing() as connection:
        mark = connection.execute(text(f"{what} FROM {whence}")).scalar_one()
    return str(mark or "empty")[:16]


def _ground(scope: Scope, what: str, whence: str, order: str) -> Ground:
    _upper_only(scope)
    with overseeing() as connection:
        rows = connection.execute(text(f"{what} FROM {whence} ORDER BY {order}"))
        return [(str(id_), name, shapely.from_wkb(bytes(wkb))) for id_, name, wkb in rows]


def _upper_only(scope: Scope) -> None:
    if scope.level == "community":
        raise NotAllowed
