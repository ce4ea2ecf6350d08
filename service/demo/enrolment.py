"""A tenant's people as records: whose relation is here, who is away, who came."""

from uuid import UUID

from service.demo.drawing import Book
from service.demo.names import REASONS
from service.demo.values import DemoTenant, Member, Place
from tenants.arrivals.actions import MATCH_JOB, ArrivalDraft, move_on, register_arrivals
from tenants.matching.actions import redirect
from tenants.members.actions import MemberDraft, enter_members, join_group
from tenants.members.actions import Place as MemberPlace
from tenants.mobility.actions import Departure, leave
from tenants.outbox.actions import ask
from tenants.places.actions import take_place
from tenants.scope import Scope


def enter(scope: Scope, tenant: DemoTenant, book: Book) -> dict[str, UUID]:
    """Everybody whose relation is here, with the absences of those who are away."""
    own = [member for member in tenant.members if member.movement != "inflow"]
    ids = enter_members(scope, [_draft(member, book) for member in own])
    for id_, member in zip(ids, own, strict=True):
        if member.movement == "outflow":
            leave(scope, _departure(id_, member))
    return {member.key: id_ for member, id_ in zip(own, ids, strict=True)}


def _departure(member_id: UUID, member: Member) -> Departure:
    first, last = member.season or (None, None)
    return Departure(
        member_id,
        member.since,
        reason=_reason(member),
        other_place=member.elsewhere or "",
        fixed=member.season is None,
        season_first=first,
        season_last=last,
    )


def receive(scope: Scope, tenant: DemoTenant, book: Book) -> None:
    """Arrivals: those already placed go through a person's redirect, the rest waits for a match."""
    people = {member.key: member for member in tenant.members}
    arrivals = sorted(tenant.arrivals, key=lambda arrival: (arrival.signalled, arrival.member))
    ids = register_arrivals(
        scope,
        [
            ArrivalDraft(
                _draft(people[arrival.member], book),
                people[arrival.member].since,
                people[arrival.member].elsewhere or "",
                _reason(people[arrival.member]),
                source=arrival.channel,
            )
            for arrival in arrivals
        ],
    )
    placed = [arrival for arrival in arrivals if arrival.branch]
    for branch in tenant.branches:
        # Seats of the placed are taken when they are placed, the others here.
        taken = branch.taken - sum(1 for arrival in placed if arrival.branch == branch.code)
        take_place(scope, book.branches[branch.code], taken)
    for id_, arrival in zip(ids, arrivals, strict=True):
        if arrival.state == "verified":
            move_on(scope, id_, "verified")
        if arrival.branch:
            _place(scope, id_, book, arrival.branch, people[arrival.member], arrival.state)
    if len(placed) < len(arrivals):
        ask(scope, MATCH_JOB, {}, dedupe_key="match:demo")


def _place(
    scope: Scope, arrival_id: UUID, book: Book, branch: str, person: Member, state: str
) -> None:
    redirect(scope, arrival_id, book.branches[branch])
    if person.group:
        case = move_on(scope, arrival_id, "filed")
        join_group(scope, case.member_id, book.groups[person.group])
    elif state == "served":
        move_on(scope, arrival_id, "filed")
    if state == "served":
        move_on(scope, arrival_id, "served")


def _draft(member: Member, book: Book) -> MemberDraft:
    inside = member.movement in ("here", "inflow")
    return MemberDraft(
        name=member.name,
        affiliation="incoming" if member.movement == "inflow" else "affiliated",
        sex=member.sex,
        born_on=member.born.value,
        born_precision=member.born.precision,
        joined_on=member.joined.value,
        joined_precision=member.joined.precision,
        phone=member.phone,
        address=member.address,
        class_=member.eligibility,
        residence="outside"
        if member.movement == "lives_outside"
        else "inside"
        if inside and member.home
        else "unknown",
        home=_home(member.home, book),
        work=_point(member.work),
        branch_id=book.branches[member.branch] if member.branch else None,
        group_id=book.groups[member.group] if member.group else None,
    )


def _home(place: Place | None, book: Book) -> MemberPlace | None:
    found = _point(place)
    if found is None or found.precision not in ("building", "compound"):
        return found
    return found._replace(building_id=book.homes.get((found.lon, found.lat)))


def _point(place: Place | None) -> MemberPlace | None:
    return None if place is None else MemberPlace(place.lon, place.lat, place.precision)


def _reason(member: Member) -> str:
    return REASONS[member.reason] if member.reason else ""
