"""Carry redirects from one side to the other, step by step, until it is somebody's turn.

Each step edits the side it belongs to, in the scope of that side. Whatever happens between two of
them, the next run looks where both legs stand and goes on from there (design, section 2). Many
redirects are carried together: a side is opened once for all of them, each step has a savepoint
of its own in it, and one that breaks leaves the others as they are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from tenants.database import db
from tenants.redirects import carrying, telling
from tenants.redirects.lookups import Leg
from tenants.redirects.rules import Stand, next_step
from tenants.scope import Scope
from workers.envelope import Progress, Write, in_turn
from workers.lease import Lease
from workers.sides import Sides, all_sides

MOST_STEPS = 20


def carry_redirect(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Asked for by whichever side acted; repeating it repeats nothing."""
    redirect_ids = [UUID(each) for each in lease.arguments["redirect"].split()]
    for _ in range(MOST_STEPS):
        if not one_wave(scope, redirect_ids):
            break
    return lambda: None


def one_step(scope: Scope, redirect_id: UUID) -> str:
    """The next step of one redirect, in transactions of its own; its name, '' when none is due."""
    return one_wave(scope, [redirect_id]).get(redirect_id, "")


def one_wave(scope: Scope, redirect_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The next step of each of these legs of the scope's, where one is due: id -> its name.

    Whatever broke is raised at the end, when all others are done.
    """
    due: dict[str, list[Sides]] = defaultdict(list)
    for sides in all_sides(scope, redirect_ids):
        step = next_step(sides.sent.stand, _stand(sides.answered), _stand(sides.settled))
        if step:
            due[step].append(sides)
    broken: list[Exception] = []
    for step, many in due.items():
        broken += STEPS[step](many)
    if broken:
        raise broken[0]
    return {sides.sent.id: step for step, many in due.items() for sides in many}


def _stand(leg: Leg | None) -> Stand | None:
    return None if leg is None else leg.stand


Act = Callable[[Scope, Sides], None]
Step = Callable[[list[Sides]], list[Exception]]
Side = Callable[[Sides], Scope | None]


def _sender(sides: Sides) -> Scope:
    return sides.sender


def _receiver(sides: Sides) -> Scope | None:
    return sides.receiver


def _county_of(sides: Sides) -> Scope | None:
    return sides.county


def _each(side: Side, many: Iterable[Sides], act: Act) -> list[Exception]:
    """Do `act` for each, in one transaction of every tenant it is done in; answers what broke."""
    scopes: dict[int, tuple[Scope, list[Sides]]] = {}
    for sides in many:
        scope = side(sides)
        if scope is not None:
            scopes.setdefault(scope.tenant_id, (scope, []))[1].append(sides)
    broken: list[Exception] = []
    for scope, mine in scopes.values():
        with in_turn(scope):
            broken += [error for sides in mine if (error := _apart(scope, sides, act))]
    return broken


def _apart(scope: Scope, sides: Sides, act: Act) -> Exception | None:
    try:
        with db.session.begin_nested():
            act(scope, sides)
    except Exception as error:
        # One that breaks must not hold up the others; it is raised when they are done.
        return error
    return None


def _in(side: Side, act: Act) -> Step:
    return lambda many: _each(side, many, act)


def _deliver(many: list[Sides]) -> list[Exception]:
    """Opened on one side, sealed on the other; nothing is kept in between."""
    brought: dict[UUID, carrying.Luggage] = {}

    def pack(scope: Scope, sides: Sides) -> None:
        found = carrying.luggage(scope, sides.sent.id)
        if found is not None:
            brought[sides.sent.id] = found

    broken = _each(_sender, many, pack)
    packed = [sides for sides in many if sides.sent.id in brought]
    return broken + _each(
        _receiver,
        packed,
        lambda scope, sides: carrying.receive(scope, sides.sent.id, brought[sides.sent.id]),
    )


def _let_go(many: list[Sides]) -> list[Exception]:
    out_of_date: list[Sides] = []

    def let_go(scope: Scope, sides: Sides) -> None:
        version = (sides.answered.sent_version if sides.answered else None) or 0
        if not carrying.let_go(scope, sides.sent.id, version):
            out_of_date.append(sides)

    broken = _each(_sender, many, let_go)
    return broken + _each(
        _receiver, out_of_date, lambda scope, sides: carrying.send_back(scope, sides.sent.id)
    )


def _told(scope: Scope, sides: Sides) -> None:
    telling.tell(scope, sides.sent, sides.sender.tenant_id, sides.sender.name)


def _heard(scope: Scope, sides: Sides) -> None:
    if sides.answered is not None:
        telling.hear(scope, sides.answered)


def _county_told(scope: Scope, sides: Sides) -> None:
    telling.tell_county(scope, sides.sent, sides.sender.tenant_id, sides.sender.name)


def _county_heard(scope: Scope, sides: Sides) -> None:
    if sides.settled is not None:
        telling.hear_county(scope, sides.settled)


def _taken_in(scope: Scope, sides: Sides) -> None:
    carrying.take_in(scope, sides.sent.id)


def _called_off(scope: Scope, sides: Sides) -> None:
    carrying.call_off(scope, sides.sent.id)


STEPS: dict[str, Step] = {
    "tell_receiver": _in(_receiver, _told),
    "tell_sender": _in(_sender, _heard),
    "tell_county": _in(_county_of, _county_told),
    "hear_county": _in(_sender, _county_heard),
    "deliver": _deliver,
    "let_go": _let_go,
    "take_in": _in(_receiver, _taken_in),
    "call_off": _in(_receiver, _called_off),
    "call_off_county": _in(_county_of, _called_off),
}
