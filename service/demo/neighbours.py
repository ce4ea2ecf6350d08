"""Redirects in the demo: one in each step, between communities of the urban district.

Decided by their administrators and carried as the worker does it, one side at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from uuid import UUID

from tenants.arrivals.lookups import ArrivalLine, arrivals
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.database import db
from tenants.people.door import person_by_email
from tenants.places.lookups import branches
from tenants.redirects import actions
from tenants.redirects.lookups import legs, open_leg_of
from tenants.scope import Scope, entered
from workers.jobs.carry_redirect import one_wave

SENDER: Final = "heyuan"
"""Who has several waiting; the others each stand for one way a redirect goes."""
_LINES: Final = (
    ("heyuan", "liuan", "nearer", ()),
    ("heyuan", "shuyuanli", "works_there", ("accept",)),
    ("heyuan", "dengshi", "moved", ("ask_correction",)),
    ("heyuan", "taying", "no_seat", ("escalate",)),
    ("heyuan", "liuan", "other", ("withdraw",)),
    ("heyuan", "shuyuanli", "nearer", ("pass_on",)),
    ("liuan", "heyuan", "works_there", ()),
    ("jixi", "heyuan", "nearer", ("accept",)),
    ("dengshi", "taying", "nearer", ("accept", "release")),
)
"""Who asks whom, why, and what is decided after that."""
_ANSWERS: Final = {"ask_correction": "place_unclear", "escalate": "all_full"}
_PASSED_ON_TO: Final = "dukou"


def pass_between(scopes: Mapping[str, Scope]) -> list[str]:
    """Begin and decide the redirects, unless some are there; answers whose counts changed."""
    if SENDER not in scopes:
        return []
    with _acting(scopes[SENDER]) as scope:
        if any(legs(scope, "from", still_open=each) for each in (True, False)):
            return []
    for sender, receiver, reason, acts in _LINES:
        _line(scopes, sender, receiver, reason, acts)
    return ["dengshi", "taying"]


def _line(
    scopes: Mapping[str, Scope], sender: str, receiver: str, reason: str, acts: tuple[str, ...]
) -> None:
    seat = _open_branch(scopes[receiver])
    with _acting(scopes[sender]) as scope:
        someone = next((each for each in _waiting(scope)), None)
        if someone is None or seat is None:
            return
        redirect_id = actions.propose(scope, someone.id, seat, reason)
    _carry(scopes[sender], redirect_id)
    for act in acts:
        side = sender if act in ("release", "withdraw") else receiver
        elsewhere = _open_branch(scopes[_PASSED_ON_TO]) if act == "pass_on" else None
        with _acting(scopes[side]) as scope:
            _decide(scope, act, redirect_id, elsewhere)
        _carry(scopes[sender], redirect_id)


def _decide(scope: Scope, act: str, redirect_id: UUID, elsewhere: UUID | None) -> None:
    if act == "pass_on" and elsewhere is not None:
        actions.pass_on(scope, redirect_id, elsewhere, "other_nearer")
        return
    plain: dict[str, Callable[..., None]] = {
        "accept": actions.accept,
        "ask_correction": actions.ask_correction,
        "escalate": actions.escalate,
        "release": actions.release,
        "withdraw": actions.withdraw,
    }
    plain[act](scope, redirect_id, *([_ANSWERS[act]] if act in _ANSWERS else []))


def _waiting(scope: Scope) -> Iterator[ArrivalLine]:
    """Who has no seat and is not on the way, who waits longest first."""
    for line in arrivals(scope, states=WITHOUT_SEAT, oldest_first=True):
        if open_leg_of(scope, line.id) is None:
            yield line


def _open_branch(scope: Scope) -> UUID | None:
    with _acting(scope) as within:
        return next((each.id for each in branches(within) if each.free != 0), None)


def _carry(scope: Scope, redirect_id: UUID) -> None:
    while one_wave(scope, [redirect_id]):
        pass


@contextmanager
def _acting(scope: Scope) -> Iterator[Scope]:
    """As the community's administrator; kept when it ends well."""
    person = person_by_email(f"{scope.slug}.shequ1@demo.example")
    with entered(replace(scope, person_id=person.id if person else None)) as entry:
        yield entry
        db.session.commit()
