"""Temporary branches across the borders of communities (domain ORG-6), nobody named to the others.

A county's run sees places and classes. Of whoever it counts for a temporary branch it keeps the
community and the place in that community's own list of those who wait, and no person's id. When
more than one community takes part, each is told by a job: there the list is read again, and the
community finds its own members by name and everybody else as a number.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from geo.ellipsoid import metres_between
from tenants.arrivals.records import Arrival
from tenants.audit.actions import note
from tenants.database import db
from tenants.marking import N_
from tenants.matching.assignments.findings import Line, Person, Site
from tenants.matching.assignments.lookups import RunOptions, run_options, sites
from tenants.matching.assignments.needs import Known, known_places
from tenants.matching.assignments.questions import deciding, points
from tenants.matching.assignments.records import (
    AssignmentCommunity,
    AssignmentLine,
    AssignmentRun,
    AssignmentSite,
)
from tenants.matching.assignments.runs import keep_prices
from tenants.members.records import Member
from tenants.outbox.actions import ask
from tenants.scope import Scope

TELL_JOB = "tell_sites"
TOLD = N_("全县统一安排时发现：邻近几个社区没有支部的党员住得较近，可以合设临时党支部。")
FEWEST_COUNTED = 3
"""The county reads no smaller number of one community's people in a proposed branch."""
WAITING = ("signalled", "verified", "proposed", "unserved")
"""Those whom `door_waiting_places` tells a county of, in the same order: by member."""
_PLACES = 1 << 64
_NEAR_METRES = 0.5


@dataclass(frozen=True, slots=True)
class SharedSite:
    """A proposed branch of several communities, as the county reads it.

    `communities`: area and how many of its people; None where some community's number is small.
    """

    site: Site
    communities: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one community is told: the run, how many waited there, and who stands where in its list.

    `own`: site number -> positions in the community's list of those who wait.
    """

    run_id: UUID
    options: RunOptions
    people: int
    sites: tuple[Site, ...]
    own: dict[int, tuple[int, ...]]
    reasons: dict[int, str]


def keep_shared(scope: Scope, run_id: UUID, areas: Sequence[int], lines: Sequence[Line]) -> None:
    """Keep who would join which site, as places in a list, and ask for the communities to be told."""
    position: dict[int, int] = defaultdict(int)
    rows = []
    for area, line in zip(areas, lines, strict=True):
        if line.site is not None:
            rows.append(
                {
                    "run_id": run_id,
                    "id": UUID(int=area * _PLACES + position[area]),
                    "place": "",
                    "outcome": line.outcome,
                    "reason": line.reason,
                    "site": line.site,
                }
            )
        position[area] += 1
    if rows:
        db.session.execute(insert(AssignmentLine), rows)
        ask(scope, TELL_JOB, {"run": str(run_id)}, dedupe_key=f"{TELL_JOB}:{run_id}")


def shared_sites(scope: Scope, run_id: UUID) -> list[SharedSite]:
    """The sites of a county's run with the communities that take part, in the order of areas."""
    counts = _by_site(scope, run_id)
    return [
        SharedSite(
            site,
            tuple(
                (area, len(own) if smallest >= FEWEST_COUNTED else None)
                for area, own in sorted(counts.get(site.number, {}).items())
            ),
        )
        for site in sites(scope, run_id)
        for smallest in (min(map(len, counts.get(site.number, {}).values()), default=0),)
    ]


def to_tell(scope: Scope, run_id: UUID) -> dict[int, Told]:
    """Community (by area) -> what it is told of a county's run: sites it shares with others."""
    counts = _by_site(scope, run_id)
    shared = {number: found for number, found in counts.items() if len(found) > 1}
    options, found_sites = run_options(scope, run_id), sites(scope, run_id)
    counted = db.session.execute(
        select(AssignmentCommunity.id, AssignmentCommunity.people).where(
            AssignmentCommunity.tenant_id == scope.tenant_id,
            AssignmentCommunity.run_id == run_id,
        )
    )
    people = {area: count for area, count in counted}
    return {
        area: Told(
            run_id,
            options,
            people.get(area, 0),
            tuple(site for site in found_sites if area in shared.get(site.number, {})),
            {
                number: tuple(sorted(found[area]))
                for number, found in shared.items()
                if area in found
            },
            {at: why for found in shared.values() for at, why in found.get(area, {}).items()},
        )
        for area in sorted({area for found in shared.values() for area in found})
    }


def be_told(scope: Scope, told: Told) -> bool:
    """Keep what the county found as a run of this community's; False when its list has changed.

    Repeating it repeats nothing; an older finding gives way.
    """
    if db.session.get(AssignmentRun, (scope.tenant_id, told.run_id)) is not None:
        return True
    waiting = _waiting(scope)
    if len(waiting) != told.people:
        return False
    known = known_places(scope, waiting)
    where = {site.number: (site, told.own[site.number]) for site in told.sites}
    for site, own in where.values():
        if not all(_is_near(known.get(waiting[at]), site, told.options.basis) for at in own):
            return False
    _forget_older(scope)
    _keep(scope, told, waiting)
    return True


def _keep(scope: Scope, told: Told, waiting: Sequence[UUID]) -> None:
    rows = [
        {
            "run_id": told.run_id,
            "id": waiting[at],
            "place": "",
            "outcome": "unserved",
            "reason": told.reasons[at],
            "site": number,
        }
        for number, own in told.own.items()
        for at in own
    ]
    options = told.options
    db.session.add(
        AssignmentRun(
            id=told.run_id,
            whom=options.whom,
            basis=options.basis,
            reach_metres=options.reach_metres,
            keep_placed=options.keep_placed,
            state="done",
            sentence=TOLD,
            ended_at=func.now(),
            people=len(rows),
            unserved=len(rows),
        )
    )
    db.session.flush()
    db.session.execute(insert(AssignmentLine), rows)
    keep_prices(told.run_id, (), told.sites)
    note(scope, "be_told_of_sites", "assignment_run", told.run_id, people=len(rows))


def _forget_older(scope: Scope) -> None:
    older = db.session.execute(
        select(AssignmentRun)
        .where(
            AssignmentRun.tenant_id == scope.tenant_id,
            AssignmentRun.sentence == TOLD,
            AssignmentRun.state == "done",
        )
        .with_for_update()
    ).scalars()
    for run in older:
        for table in (AssignmentLine, AssignmentSite):
            db.session.execute(
                delete(table).where(table.tenant_id == scope.tenant_id, table.run_id == run.id)
            )
        run.state = "discarded"


def _by_site(scope: Scope, run_id: UUID) -> dict[int, dict[int, dict[int, str]]]:
    """Site -> community -> position in its list -> why that person has no branch."""
    rows = db.session.execute(
        select(AssignmentLine.id, AssignmentLine.site, AssignmentLine.reason).where(
            AssignmentLine.tenant_id == scope.tenant_id,
            AssignmentLine.run_id == run_id,
            AssignmentLine.site.is_not(None),
        )
    )
    found: dict[int, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for id_, number, reason in rows:
        area, position = divmod(id_.int, _PLACES)
        found[number or 0][area][position] = reason
    return found


def _waiting(scope: Scope) -> list[UUID]:
    """This community's list of those who wait, as the county counted it."""
    return list(
        db.session.execute(
            select(Arrival.member_id)
            .join(
                Member,
                (Member.tenant_id == Arrival.tenant_id) & (Member.id == Arrival.member_id),
            )
            .where(
                Arrival.tenant_id == scope.tenant_id,
                Arrival.state.in_(WAITING),
                Member.left_on.is_(None),
            )
            .order_by(Arrival.member_id)
        ).scalars()
    )


def _is_near(known: Known | None, site: Site, basis: str) -> bool:
    """Whether it can still be the one whom the county counted there."""
    if known is None:
        return False
    places = points(deciding(Person(UUID(int=0), *known), basis))
    return bool(places) and bool(
        metres_between([places[0]], [(site.lon, site.lat)])[0] <= site.radius_metres + _NEAR_METRES
    )
