"""Carry a redirect from one side to the other, step by step, until it is somebody's turn.

Each step is one transaction in the scope of the side it edits. Whatever happens between two of
them, the next run looks where both legs stand and goes on from there (design, section 2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tenants.people.door import scope_of_tenant
from tenants.redirects import carrying
from tenants.redirects.lookups import Leg, county_office, leg_or_none
from tenants.redirects.rules import Stand, next_step
from tenants.scope import Scope
from workers.envelope import Progress, Write, in_turn
from workers.lease import Lease

MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Sides:
    """The scopes of a redirect and where their legs stand."""

    sender: Scope
    receiver: Scope | None
    county: Scope | None
    sent: Leg
    answered: Leg | None
    settled: Leg | None


def carry_redirect(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Asked for by whichever side acted; repeating it repeats nothing."""
    redirect_id = UUID(lease.arguments["redirect"])
    for _ in range(MOST_STEPS):
        if not one_step(scope, redirect_id):
            break
    return lambda: None


def one_step(scope: Scope, redirect_id: UUID) -> str:
    """The next step that is due, in one transaction; answers its name, '' when none is."""
    sides = _look(scope, redirect_id)
    if sides is None:
        return ""
    step = next_step(sides.sent.stand, _stand(sides.answered), _stand(sides.settled))
    if step:
        STEPS[step](sides)
    return step


def _look(scope: Scope, redirect_id: UUID) -> Sides | None:
    own = _leg(scope, redirect_id)
    if own is None:
        return None
    sender = scope if own.side == "from" else scope_of_tenant(tenant_id=own.other_id)
    sent = own if own.side == "from" else _leg(sender, redirect_id)
    if sender is None or sent is None:
        return None
    receiver = scope_of_tenant(tenant_id=sent.other_id)
    county = _county(sender) if sent.state in ("escalated", "withdrawn") else None
    answered, settled = _leg(receiver, redirect_id), _leg(county, redirect_id)
    return Sides(sender, receiver, county, sent, answered, settled)


def _leg(scope: Scope | None, redirect_id: UUID) -> Leg | None:
    if scope is None:
        return None
    with in_turn(scope):
        return leg_or_none(scope, redirect_id)


def _county(sender: Scope) -> Scope | None:
    with in_turn(sender):
        county_id = county_office(sender)
    return None if county_id is None else scope_of_tenant(tenant_id=county_id)


def _stand(leg: Leg | None) -> Stand | None:
    return None if leg is None else leg.stand


def _tell_receiver(sides: Sides) -> None:
    if sides.receiver is None:
        return
    with in_turn(sides.receiver) as scope:
        carrying.tell(scope, sides.sent, sides.sender.tenant_id, sides.sender.name)


def _tell_sender(sides: Sides) -> None:
    if sides.answered is not None:
        with in_turn(sides.sender) as scope:
            carrying.hear(scope, sides.answered)


def _tell_county(sides: Sides) -> None:
    if sides.county is not None:
        with in_turn(sides.county) as scope:
            carrying.tell_county(scope, sides.sent, sides.sender.tenant_id, sides.sender.name)


def _hear_county(sides: Sides) -> None:
    if sides.settled is not None:
        with in_turn(sides.sender) as scope:
            carrying.hear_county(scope, sides.settled)


def _deliver(sides: Sides) -> None:
    """Opened on one side, sealed on the other; nothing is kept in between."""
    with in_turn(sides.sender) as scope:
        brought = carrying.luggage(scope, sides.sent.id)
    if brought is not None and sides.receiver is not None:
        with in_turn(sides.receiver) as scope:
            carrying.receive(scope, sides.sent.id, brought)


def _let_go(sides: Sides) -> None:
    version = sides.answered.sent_version if sides.answered else None
    with in_turn(sides.sender) as scope:
        gone = carrying.let_go(scope, sides.sent.id, version or 0)
    if not gone and sides.receiver is not None:
        with in_turn(sides.receiver) as scope:
            carrying.send_back(scope, sides.sent.id)


def _take_in(sides: Sides) -> None:
    if sides.receiver is not None:
        with in_turn(sides.receiver) as scope:
            carrying.take_in(scope, sides.sent.id)


def _call_off(sides: Sides) -> None:
    if sides.receiver is not None:
        with in_turn(sides.receiver) as scope:
            carrying.call_off(scope, sides.sent.id)


def _call_off_county(sides: Sides) -> None:
    if sides.county is not None:
        with in_turn(sides.county) as scope:
            carrying.call_off(scope, sides.sent.id)


STEPS: dict[str, Callable[[Sides], None]] = {
    "tell_receiver": _tell_receiver,
    "tell_sender": _tell_sender,
    "tell_county": _tell_county,
    "hear_county": _hear_county,
    "deliver": _deliver,
    "let_go": _let_go,
    "take_in": _take_in,
    "call_off": _call_off,
    "call_off_county": _call_off_county,
}
