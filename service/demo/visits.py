"""A few months of visits in the demo, so that today's list has a past: most reached, some not."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from service.demo.dice import Dice
from service.demo.values import DemoTenant
from tenants.arrivals.lookups import arrivals
from tenants.people.door import person_by_email
from tenants.scope import Scope
from tenants.visits.actions import VisitDraft, record_visit
from tenants.visits.requests import move_request, open_request
from tenants.visits.rules import REQUEST_KINDS

ROUNDS = (150, 75, 12)
"""So many days ago those who are away were called, more or less."""
WISHES = 3


def call_on(scope: Scope, tenant: DemoTenant, member_ids: dict[str, UUID], today: date) -> None:
    """Visits by each cell's leader, and a few wishes, on the days before `today`."""
    leaders = _leaders(tenant)
    if not leaders:
        return
    dice = Dice(f"{tenant.slug} visits")
    away = [each for each in tenant.members if each.movement == "outflow" and each.since]
    for member in away:
        person_id = leaders.get(member.cell or "") or next(iter(leaders.values()))
        by = replace(scope, person_id=person_id)
        for days in ROUNDS:
            on = today - timedelta(days=days + dice.whole(0, 20))
            if dice.chance(0.65) and member.since and on > member.since:
                _call(by, member_ids[member.key], on, dice, today)
    by = replace(scope, person_id=next(iter(leaders.values())))
    for case in arrivals(scope, states=("placed", "filed", "served"), limit=200):
        if dice.chance(0.7) and case.arrived_on:
            on = min(today, case.arrived_on + timedelta(days=dice.whole(0, 6)))
            _call(by, case.member_id, max(on, today - timedelta(days=300)), dice, today)
    _wish(by, list(member_ids.values())[:WISHES], dice, today)


def _leaders(tenant: DemoTenant) -> dict[str, UUID]:
    """Cell code -> whoever leads it."""
    found: dict[str, UUID] = {}
    for staff in tenant.staff:
        person = person_by_email(staff.email) if staff.role == "grid_leader" else None
        for code in staff.cells if person else ():
            found[code] = person.id  # type: ignore[union-attr]
    return found


def _call(by: Scope, member_id: UUID, on: date, dice: Dice, today: date) -> None:
    reached = dice.chance(0.8)
    again = on + timedelta(days=dice.whole(14, 60)) if dice.chance(0.3) else None
    record_visit(
        by,
        VisitDraft(
            member_id,
            on,
            outcome="reached" if reached else "not_reached",
            way="phone" if dice.chance(0.6) else "visit",
            topics=("news",) if reached else (),
            next_step="call" if again else "",
            next_on=again,
        ),
        today,
    )


def _wish(by: Scope, member_ids: list[UUID], dice: Dice, today: date) -> None:
    for member_id in member_ids:
        on = today - timedelta(days=dice.whole(3, 40))
        wish = open_request(by, member_id, dice.pick(REQUEST_KINDS[:-1]), on)
        if dice.chance(0.5):
            move_request(by, wish, "under_study", on + timedelta(days=2))
