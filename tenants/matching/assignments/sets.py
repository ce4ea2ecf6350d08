"""A condition over many ids at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal


def one_of(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """`column` is among `ids`: one bound array, however many they are.

    Asked in place of a join where rows may have come in by the thousand a moment ago: until
    PostgreSQL has counted them, it joins them row by row with each other.
    """
    return column == any_(literal(list(ids), ARRAY(Uuid)))  # type: ignore[no-any-return]
