"""What is asked of a draft, and what became of it, as plain values."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A draft cell as it should be. `version` None: a new one, with an id that its maker minted.

    `geometry` is GeoJSON as it was sent, or a polygon; None leaves the shape as it is. `continues`
    counts for new cells only: the cell in force whose leader and groups go with it.
    """

    id: UUID
    version: int | None
    code: str
    name: str
    geometry: Any = None
    continues: UUID | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell by its id and the version somebody saw."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Edited:
    """The draft's version after a save, the cells' new versions, and the shapes before and after."""

    version: int
    versions: dict[UUID, int]
    shapes: list[BaseGeometry]
