"""Turns the demo's plain values into records, through the same actions that people use.

Each tenant is loaded in one transaction and marked by its boundary, so a load that was cut off is
taken up again where it stopped, and a second start loads nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from service.demo import counties
from service.demo.doorsteps import wait_at_doors
from service.demo.grid_draft import CELLS, begin_draft
from service.demo.housing import middle_of
from service.demo.names import REASONS
from service.demo.neighbours import pass_between
from service.demo.relations import keep_relations
from service.demo.values import Building, DemoCounty, DemoTenant, Member, Place, Staff
from service.demo.visits import call_on
from tenants.area import area_number
from tenants.arrivals.actions import MATCH_JOB, ArrivalDraft, move_on, register_arrivals
from tenants.database import db
from tenants.grid.actions import draw_cell, form_group
from tenants.matching.actions import redirect
from tenants.members.actions import MemberDraft, enter_members, join_group
from tenants.members.actions import Place as MemberPlace
from tenants.mobility.actions import Departure, choose_pack, leave
from tenants.organisations.actions import (
    draw_boundary,
    keep_reported_figure,
    open_county,
    open_tenant,
)
from tenants.organisations.lookups import boundary_shape
from tenants.outbox.actions import ask
from tenants.oversight.summaries import summarise_today
from tenants.people.actions import give_standing, issue_token
from tenants.people.door import enter_person, scope_of_tenant
from tenants.places.actions import open_branch, open_station, take_place
from tenants.places.buildings_actions import BuildingDraft, enter_buildings
from tenants.scope import Scope, entered

SINCE = date(2024, 1, 1)
HERDERS_PACK = "fuyun"
"""The rules of communities with herders: they know seasons, so that a herder's summer raises no alert."""

CONTACTS_PACK = "township"
"""The rules of the other communities: a contact each quarter, so that today's list is not empty."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in to the demo; the token is for programs."""

    role: str
    tenant: str
    name: str
    email: str
    password: str
    token: str


@dataclass(frozen=True, slots=True)
class Book:
    """Codes of one tenant's values -> ids of its records."""

    cells: dict[str, UUID]
    branches: dict[str, UUID]
    groups: dict[str, UUID]
    homes: dict[tuple[float, float], UUID]
    """Point of a building, or middle of a compound -> its id."""


def load(
    today: date,
    password_of: Callable[[str], str],
    hash_password: Callable[[str], str],
    progress: Callable[[int, int, str], None],
) -> list[Account]:
    """Load every tenant that is not there yet; answers the accounts of the new ones."""
    demo = counties(today)
    total = sum(len(county.tenants) for county in demo)
    done, accounts = 0, []
    for number, county in enumerate(demo, start=1):
        scopes = _open(number, county)
        for tenant in county.tenants:
            progress(done, total, tenant.name)
            accounts += _load_tenant(scopes[tenant.slug], tenant, today, password_of, hash_password)
            done += 1
        for slug in pass_between(scopes):
            with entered(scopes[slug]) as scope:
                summarise_today(scope, today)
                db.session.commit()
    progress(total, total, "")
    return accounts


def _open(number: int, county: DemoCounty) -> dict[str, Scope]:
    """Scopes of all tenants of a county, opened where they are not yet."""
    own = county.tenants[0]
    top = scope_of_tenant(slug=own.slug) or open_county(own.area[0], own.slug, own.name)
    scopes = {own.slug: top}
    with entered(top):
        for tenant in county.tenants[1:]:
            known = scope_of_tenant(slug=tenant.slug)
            scopes[tenant.slug] = known or open_tenant(
                top,
                tenant.level,
                area_number(*tenant.area),
                tenant.slug,
                tenant.name,
                reach_metres=tenant.reach_metres,
            )
        db.session.commit()
    return scopes


def _load_tenant(
    scope: Scope,
    tenant: DemoTenant,
    today: date,
    password_of: Callable[[str], str],
    hash_password: Callable[[str], str],
) -> list[Account]:
    with entered(scope):
        if boundary_shape(scope) is not None:
            return []
        draw_boundary(scope, tenant.boundary, SINCE)
        if any(member.season for member in tenant.members):
            choose_pack(scope, HERDERS_PACK, SINCE)
        elif any(member.movement == "outflow" for member in tenant.members):
            choose_pack(scope, CONTACTS_PACK, SINCE)
        book = _draw(scope, tenant)
        member_ids = _enter(scope, tenant, book)
        _receive(scope, tenant, book, member_ids)
        for figure in tenant.reported:
            value = "" if figure.value is None else str(figure.value)
            keep_reported_figure(scope, figure.key, value, f"{figure.reading}({figure.source})")
        accounts = [_account(scope, one, book, password_of, hash_password) for one in tenant.staff]
        call_on(scope, tenant, member_ids, today)
        keep_relations(scope, tenant, member_ids, book.branches, today)
        wait_at_doors(scope, tenant, member_ids, book.homes, today)
        if len(tenant.cells) == CELLS:
            begin_draft(scope)
        summarise_today(scope, today)
        db.session.commit()
        return accounts


def _draw(scope: Scope, tenant: DemoTenant) -> Book:
    cells = {
        cell.code: draw_cell(scope, cell.code, cell.name, cell.polygon, SINCE)
        for cell in tenant.cells
    }
    branches = {
        branch.code: open_branch(
            scope,
            branch.name,
            branch.kind,
            branch.lon,
            branch.lat,
            capacity=branch.capacity,
            classes=branch.classes,
            opens_on=SINCE,
        )
        for branch in tenant.branches
    }
    for station in tenant.stations:
        open_station(
            scope,
            station.name,
            station.kind,
            station.lon,
            station.lat,
            hours=station.hours,
            phone=station.phone,
            opens_on=SINCE,
        )
    groups = {
        group.code: form_group(
            scope,
            branches[group.branch],
            group.name,
            [cells[code] for code in group.cells],
            SINCE,
        )
        for group in tenant.groups
    }
    return Book(cells, branches, groups, _build(scope, tenant))


def _build(scope: Scope, tenant: DemoTenant) -> dict[tuple[float, float], UUID]:
    """The compounds, each in the middle of its buildings, and the buildings."""
    inside: dict[str, list[Building]] = {}
    for building in tenant.buildings:
        inside.setdefault(building.compound, []).append(building)
    middles = {name: middle_of(together) for name, together in inside.items()}
    ids = enter_buildings(
        scope, [BuildingDraft("compound", name, *middle) for name, middle in middles.items()]
    )
    compounds = dict(zip(middles, ids, strict=True))
    building_ids = enter_buildings(
        scope,
        [
            BuildingDraft(
                "building", each.name, each.lon, each.lat, compound_id=compounds[each.compound]
            )
            for each in tenant.buildings
        ],
    )
    points = [(each.lon, each.lat) for each in tenant.buildings]
    # A compound of one building lies on it: a home known to the building is the building's.
    return dict(zip(middles.values(), ids, strict=True)) | dict(
        zip(points, building_ids, strict=True)
    )


def _enter(scope: Scope, tenant: DemoTenant, book: Book) -> dict[str, UUID]:
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


def _receive(scope: Scope, tenant: DemoTenant, book: Book, member_ids: dict[str, UUID]) -> None:
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
    return replace(found, building_id=book.homes.get((found.lon, found.lat)))


def _point(place: Place | None) -> MemberPlace | None:
    return None if place is None else MemberPlace(place.lon, place.lat, place.precision)


def _reason(member: Member) -> str:
    return REASONS[member.reason] if member.reason else ""


def _account(
    scope: Scope,
    staff: Staff,
    book: Book,
    password_of: Callable[[str], str],
    hash_password: Callable[[str], str],
) -> Account:
    password = password_of(staff.email)
    person_id = enter_person(staff.email, staff.name, hash_password(password))
    standings = [
        give_standing(
            scope,
            person_id,
            staff.name,
            staff.role,
            cell_id=book.cells[code] if code else None,
            branch_id=book.branches[staff.branch] if staff.branch else None,
        )
        for code in _codes(staff.cells)
    ]
    token = issue_token(scope, standings[0], "demo")
    return Account(staff.role, scope.slug, staff.name, staff.email, password, token)


def _codes(cells: Iterable[str]) -> list[str | None]:
    return list(cells) or [None]
