"""Addresses to call at and activity certificates in the demo: some at each step, some to be checked."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from service.demo.dice import Dice
from service.demo.values import DemoTenant
from tenants.arrivals.talks.actions import keep_outcome, put_on_the_list
from tenants.certificates.actions import Step, add_entry, move_certificate, request_certificate
from tenants.people.door import person_by_email
from tenants.scope import Scope

TALKS: Final = 8
"""First talks of a community; half of them were tried already."""
PATHS: Final = (
    ("issued", "held"),
    ("issued",),
    ("issued", "presented", "held"),
    (),
    ("issued", "presented", "returned"),
    ("issued", "lost"),
    ("issued", "held", "returned", "checked", "closed"),
)
"""How far certificates have come; whoever is away beyond these has none yet."""
STEP_DAYS: Final = 25


def wait_at_doors(
    scope: Scope,
    tenant: DemoTenant,
    member_ids: dict[str, UUID],
    buildings: dict[tuple[float, float], UUID],
    today: date,
) -> None:
    """First talks and certificates of one community, written down by its administrator."""
    admin = next((staff for staff in tenant.staff if staff.role == "community_admin"), None)
    person = person_by_email(admin.email) if admin else None
    if person is None:
        return
    by = replace(scope, person_id=person.id)
    dice = Dice(f"{tenant.slug} doorsteps")
    _talks(by, tenant, buildings, dice, today)
    away = [each for each in tenant.members if each.movement == "outflow" and each.since]
    for number, (member, path) in enumerate(zip(away, PATHS, strict=False), start=1):
        _certificate(by, member_ids[member.key], number, path, member.elsewhere, today)


def _talks(
    by: Scope,
    tenant: DemoTenant,
    buildings: dict[tuple[float, float], UUID],
    dice: Dice,
    today: date,
) -> None:
    step = max(1, len(tenant.buildings) // TALKS)
    for number, building in enumerate(tenant.buildings[::step][:TALKS]):
        moved_in = today - timedelta(days=dice.whole(3, 16))
        flat = f"{dice.whole(1, 6)}0{dice.whole(1, 4)} 室"
        talk = put_on_the_list(by, buildings[building.lon, building.lat], flat, moved_in)
        if number % 2:
            tried = today - timedelta(days=dice.whole(1, 3))
            keep_outcome(by, talk, ("not_home", "come_back")[number // 2 % 2], tried)


def _certificate(
    by: Scope, member_id: UUID, number: int, path: tuple[str, ...], holder: str | None, today: date
) -> None:
    on = today - timedelta(days=STEP_DAYS * (len(path) + 4))
    certificate = request_certificate(by, member_id, on, today)
    for state in path:
        on += timedelta(days=STEP_DAYS)
        issued = state == "issued"
        step = Step(
            state,
            on,
            number=f"虚构流证{number:03}" if issued else "",
            holder=f"{holder or '外地'}党组织" if state in ("presented", "held") else "",
            pledged=issued,
        )
        move_certificate(by, certificate, step, today)
        if state == "held":
            add_entry(by, certificate, "activity", on, "流入地支部书记", today)
            add_entry(by, certificate, "dues", on, "流入地支部书记", today)
