"""What a roster says of people who are away, and whose class that would change."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from tenants.members.roster_changes import date_fact
from tenants.members.roster_known import Recognised
from tenants.members.roster_rows import RosterRow
from tenants.mobility.absences import absent_members
from tenants.mobility.calendar import partial_day
from tenants.mobility.classes import name_on
from tenants.mobility.histories import History
from tenants.mobility.lookups import chosen_pack
from tenants.scope import Scope

AWAY: Final = "away"
NOT_KNOWN_BEFORE: Final = "new"


@dataclass(frozen=True, slots=True)
class ClassCount:
    """So many people go from one class to another; `before` is `new` for who is not registered."""

    before: str
    after: str
    people: int

    def line(self) -> dict[str, Any]:
        """As it is kept with the import."""
        return {"before": self.before, "after": self.after, "people": self.people}


def with_departures(scope: Scope, found: Sequence[Recognised]) -> list[Recognised]:
    """Known people whom the roster calls away and the register does not: that is a change too.

    An absence that is open already stays as it is, whatever the roster says of its start.
    """
    if not any(one.known and one.row.kind == "outflow" for one in found):
        return list(found)
    away = absent_members(scope)
    return [
        _leaving(one)
        if one.known and one.row.kind == "outflow" and one.known.id not in away
        else one
        for one in found
    ]


def class_counts(
    scope: Scope, fresh: Iterable[RosterRow], changed: Iterable[Recognised], today: date
) -> list[ClassCount]:
    """Who would be of another class on `today` than before, under the tenant's rule pack."""
    pack = chosen_pack(scope, today).pack
    counts: Counter[tuple[str, str]] = Counter()
    for row in fresh:
        if row.kind == "outflow":
            counts[NOT_KNOWN_BEFORE, name_on(_history(row, today), pack, today)] += 1
    for one in changed:
        if AWAY in one.fields:
            counts["none", name_on(_history(one.row, today), pack, today)] += 1
    return [
        ClassCount(before, after, people)
        for (before, after), people in sorted(counts.items())
        if before != after
    ]


def _leaving(one: Recognised) -> Recognised:
    fact = date_fact(one.row.left.on, one.row.left.precision)
    return replace(
        one,
        standing="changed" if one.standing == "same" else one.standing,
        fields=(*one.fields, AWAY),
        new=one.new | {AWAY: fact or ["", "unknown"]},
    )


def _history(row: RosterRow, today: date) -> History:
    started = partial_day(row.left.on, row.left.precision)
    if row.left.precision != "month":
        started = started.no_later_than(today)
    return History(id="", direction="outflow", started=started, registered_on=today)
