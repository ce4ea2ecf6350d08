"""How an activity certificate goes on, what a step needs, what its checks count from. Pure.

Sources: domain CRT-1 (requested, issued, presented, held by the destination, returned, checked,
closed; lost, void), CRT-2 (the pledge signed when it is issued), CRT-3 (entries by the
destination: what was done and who signed, no marks), CRT-4 (checks count from its issue on).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tenants.errors import Conflict, InvalidInput

STATES: Final = (
    "requested", "issued", "presented", "held", "returned", "checked", "closed", "lost", "void",
)  # fmt: skip
OPEN: Final = STATES[:6]
"""A member has one open certificate at most; a lost or void one makes room for the next."""
WITH_THE_MEMBER: Final = ("issued", "presented", "held")
"""States in which it is in use away from home, so that it is checked now and then."""
ENTRIES: Final = ("activity", "dues")
"""What a destination enters: took part in an activity, paid dues. Never how well."""

NUMBER_LONGEST: Final = 40
HOLDER_LONGEST: Final = 80
SIGNER_LONGEST: Final = 40

_NEXT: Final[dict[str, tuple[str, ...]]] = {
    "requested": ("issued", "void"),
    "issued": ("presented", "held", "returned", "lost", "void"),
    "presented": ("held", "returned", "lost", "void"),
    "held": ("returned", "lost", "void"),
    "returned": ("checked", "void"),
    "checked": ("closed",),
    "closed": (),
    "lost": ("void",),
    "void": (),
}
STEP_DATES: Final = {state: f"{state}_on" for state in STATES}
"""The state it comes to -> the column that keeps the day of it."""

Days = Mapping[str, date | None]
"""Every value of STEP_DATES -> its day, None where it never came to that."""


@dataclass(frozen=True, slots=True)
class InUse:
    """What duties ask of a member's last certificate: since when it is away with them.

    `issued_on` None: it has not been issued yet, or it is back, closed, lost or void.
    """

    issued_on: date | None


def next_states(state: str) -> tuple[str, ...]:
    """Where a certificate may go from here; the usual way first."""
    return _NEXT[state]


def state_before(state: str, days: Days) -> str | None:
    """What it was before its last step; None at the beginning. Steps left out are passed over.

    Steps only lead forward, so the furthest earlier one that has a day was the one before.
    """
    earlier = [each for each in STATES[: STATES.index(state)] if days[STEP_DATES[each]]]
    return earlier[-1] if earlier else None


def check_step(state: str, wanted: str, on: date, days: Days, today: date) -> None:
    """Whether it may come to `wanted` on that day. Raises Conflict, InvalidInput."""
    if wanted not in STATES:
        raise InvalidInput("请从列出的选项里选。")
    if wanted not in next_states(state):
        raise Conflict("活动证现在办不了这一步，请刷新后再看。", state=state)
    if on > today:
        raise InvalidInput("日期还没有到，请核对。")
    latest = max(day for day in days.values() if day)
    if on < latest:
        raise InvalidInput("日期早于上一步，请核对。")


def check_entry(what: str, on: date, signed_by: str, issued_on: date | None, today: date) -> None:
    """Whether the destination can have entered this. Raises Conflict, InvalidInput."""
    if what not in ENTRIES:
        raise InvalidInput("请从列出的选项里选。")
    if issued_on is None:
        raise Conflict("活动证还没有发，不能记参加的活动。")
    if not issued_on <= on <= today:
        raise InvalidInput("记载的日期要在发证之后、今天以前，请核对。")
    if not signed_by:
        raise InvalidInput("请写明是谁签的。")


def checked_from(certificate: InUse | None, last_check: date | None) -> date | None:
    """The day from which the next check counts; None: nothing is to be checked.

    `certificate` None: none is written down here; then it is known of from its first check on.
    """
    if certificate is None:
        return last_check
    if certificate.issued_on is None:
        return None
    return max(certificate.issued_on, last_check or certificate.issued_on)
