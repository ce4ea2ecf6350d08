"""Lists by cursor: the last id of a page leads to the next one."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID


class Line(Protocol):
    """Anything a list shows."""

    @property
    def id(self) -> UUID: ...


AnyLine = TypeVar("AnyLine", bound=Line)


def page(lines: Sequence[AnyLine], limit: int) -> dict[str, Any]:
    """{"items", "next"} from a list that was asked for one line more than `limit`.

    `next` is None on the last page.
    """
    shown = lines[:limit]
    return {"items": shown, "next": shown[-1].id if len(lines) > limit else None}
