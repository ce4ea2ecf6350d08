"""Turns the demo's plain values into records, through the same actions that people use.

Each tenant is loaded in one transaction and marked by its boundary, so a load that was cut off is
taken up again where it stopped, and a second start loads nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from service.demo import counties
from service.demo.doorsteps import wait_at_doors
from service.demo.drawing import SINCE, Book, draw
from service.demo.enrolment import enter, receive
from service.demo.grid_draft import CELLS, begin_draft
from service.demo.neighbours import pass_between
from service.demo.relations import keep_relations
from service.demo.values import DemoCounty, DemoTenant, Staff
from service.demo.visits import call_on
from tenants.area import area_number
from tenants.database import db
from tenants.mobility.actions import choose_pack
from tenants.organisations.actions import (
    draw_boundary,
    keep_reported_figure,
    open_county,
    open_tenant,
)
from tenants.organisations.lookups import boundary_shape
from tenants.oversight.summaries import summarise_today
from tenants.people.actions import give_standing, issue_token
from tenants.people.door import enter_person, scope_of_tenant
from tenants.scope import Scope, entered

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
        book = draw(scope, tenant)
        member_ids = enter(scope, tenant, book)
        receive(scope, tenant, book)
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
