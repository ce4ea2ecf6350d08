"""Branches around those who wait, beyond our border; and the suggestions that stand."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from tenants.arrivals.lookups import arrival
from tenants.arrivals.records import Arrival
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.database import db
from tenants.errors import NotFound
from tenants.matching.rules import Branch, Waiting
from tenants.members.lookups import names_of
from tenants.organisations.lookups import tenant_names
from tenants.places.lookups import BranchPlace, branches_around
from tenants.redirects.records import Redirect
from tenants.redirects.rules import OPEN
from tenants.redirects.suggestions.records import RedirectSuggestion
from tenants.scope import Scope

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion; fields as in `records.RedirectSuggestion`. `name`: of whom, if seen."""

    id: UUID
    arrival_id: UUID
    member_id: UUID
    branch_id: UUID
    branch: str
    keeper: str
    metres: float
    place: str
    here_metres: float | None
    free: int | None
    reason: str
    decision: str
    made_at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """Branches of other communities around those who wait, as matching sees them, by id.

    `places`: what the directory says of each; `keepers`: area -> name of who keeps it.
    """

    branches: list[Branch]
    places: dict[UUID, BranchPlace]
    keepers: dict[int, str]


def outside(scope: Scope, waiting: Sequence[Waiting], metres: float, today: date) -> Outside:
    """Branches of open tenants of the county within `metres` of anybody who waits.

    A seat for which we have asked already, or are about to, is not there for the next.
    """
    points = [point for each in waiting for point in (each.home, each.work) if point]
    if not points:
        return Outside([], {}, {})
    keepers = tenant_names(scope)
    found = {
        each.id: each
        for each in branches_around(scope, points, metres)
        if each.area != scope.area and each.area in keepers
    }
    asked = _asked_for(scope, found)
    return Outside([_as_matched(each, asked[each.id], today) for each in found.values()],
                   found, keepers)  # fmt: skip


def still_free_to_go(scope: Scope, waiting: Sequence[Waiting]) -> list[Waiting]:
    """Those without a redirect under way; what a person declined counts as refused."""
    ids = [each.arrival_id for each in waiting]
    under_way = set(
        db.session.execute(
            select(Redirect.arrival_id).where(
                Redirect.tenant_id == scope.tenant_id,
                Redirect.side == "from",
                Redirect.state.in_(OPEN["from"]),
                Redirect.arrival_id.in_(ids),
            )
        ).scalars()
    )
    declined: dict[UUID, frozenset[UUID]] = {
        arrival_id: frozenset(branch_ids)
        for arrival_id, branch_ids in db.session.execute(
            select(RedirectSuggestion.arrival_id, func.array_agg(RedirectSuggestion.branch_id))
            .where(
                RedirectSuggestion.tenant_id == scope.tenant_id,
                RedirectSuggestion.arrival_id.in_(ids),
                RedirectSuggestion.decision == "declined",
            )
            .group_by(RedirectSuggestion.arrival_id)
        )
    }
    return [
        replace(each, refused=each.refused | declined.get(each.arrival_id, frozenset()))
        for each in waiting
        if each.arrival_id not in under_way
    ]


def suggestions(scope: Scope, limit: int = SHOWN) -> list[Suggestion]:
    """Open suggestions about people the scope may see, who waits longest first, with names."""
    question = _standing(scope).where(RedirectSuggestion.decision == "open")
    found = _read(question.order_by(RedirectSuggestion.made_at, RedirectSuggestion.id))
    names = names_of(scope, {each.member_id for each in found})
    seen = [each for each in found if each.member_id in names]
    return [replace(each, name=names[each.member_id]) for each in seen[:limit]]


def suggestions_of(scope: Scope, arrival_ids: Collection[UUID]) -> dict[UUID, Suggestion]:
    """The open suggestion of each of these arrivals, where there is one."""
    question = _standing(scope).where(
        RedirectSuggestion.decision == "open", RedirectSuggestion.arrival_id.in_(arrival_ids)
    )
    return {each.arrival_id: each for each in _read(question)}


def suggestion(scope: Scope, suggestion_id: UUID) -> Suggestion:
    """One suggestion, whatever was decided. Raises NotFound, also for whom one may not see."""
    found = _read(
        _columns().where(
            RedirectSuggestion.tenant_id == scope.tenant_id, RedirectSuggestion.id == suggestion_id
        )
    )
    if not found:
        raise NotFound
    arrival(scope, found[0].arrival_id)
    return found[0]


def last_suggestion(scope: Scope, arrival_id: UUID) -> Suggestion | None:
    """What stands of an arrival: open, or declined by a person and not replaced since."""
    question = _standing(scope).where(RedirectSuggestion.arrival_id == arrival_id)
    newest = RedirectSuggestion.made_at.desc(), RedirectSuggestion.id.desc()
    found = _read(question.order_by(*newest).limit(1))
    return next((each for each in found if each.decision in ("open", "declined")), None)


def _standing(scope: Scope) -> Select[Any]:
    """Suggestions of arrivals that have no seat and are not being redirected."""
    return _columns().where(
        RedirectSuggestion.tenant_id == scope.tenant_id,
        Arrival.state.in_(WITHOUT_SEAT),
        ~_under_way(),
    )


def _columns() -> Select[Any]:
    names = [name for name in Suggestion.__slots__ if name != "name"]
    return select(
        *(
            Arrival.member_id if name == "member_id" else getattr(RedirectSuggestion, name)
            for name in names
        )
    ).join(
        Arrival,
        (Arrival.tenant_id == RedirectSuggestion.tenant_id)
        & (Arrival.id == RedirectSuggestion.arrival_id),
    )


def _under_way() -> ColumnElement[bool]:
    return exists().where(
        Redirect.tenant_id == RedirectSuggestion.tenant_id,
        Redirect.arrival_id == RedirectSuggestion.arrival_id,
        Redirect.side == "from",
        Redirect.state.in_(OPEN["from"]),
    )


def _read(question: Select[Any]) -> list[Suggestion]:
    rows = db.session.execute(question)
    return [Suggestion(*row) for row in rows]


def _asked_for(scope: Scope, branch_ids: Iterable[UUID]) -> Counter[UUID]:
    """How many of ours are suggested or proposed to each of these branches."""
    wanted, asked = list(branch_ids), Counter[UUID]()
    for branch, *conditions in (
        (RedirectSuggestion.branch_id, RedirectSuggestion.decision == "open"),
        (Redirect.branch_id, Redirect.side == "from", Redirect.state == "proposed"),
    ):
        rows = db.session.execute(
            select(branch, func.count()).where(branch.in_(wanted), *conditions).group_by(branch)
        )
        asked.update({branch_id: count for branch_id, count in rows})
    return asked


def _as_matched(place: BranchPlace, asked: int, today: date) -> Branch:
    return Branch(
        place.id,
        (place.lon, place.lat),
        None if place.free is None else max(0, place.free - asked),
        frozenset(place.classes),
        place.open_on(today),
    )
