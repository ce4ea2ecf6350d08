"""What is due for whom and why; what counts as a contact; how a wish goes on. Plain values.

Sources: domain LIA-3 (an attempt is not a contact), MOB-7 (whoever came is contacted at once),
MOB-11 (whoever came back is talked to, the certificate is checked), SVC-2 (a wish's steps). How
often a contact is due stands in the tenant's rule pack and is computed by `tenants.mobility`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from tenants.marking import N_

KINDS: Final = ("contact", "return_visit", "certificate_check", "care", "report")
"""`report` is the member's own report to the branch, which somebody wrote down (LIA-6)."""
OUTCOMES: Final = ("reached", "not_reached", "postponed")
WAYS: Final = ("visit", "phone", "message", "letter", "meeting", "activity")
SOURCES: Final = ("tablet", "page", "paper")
TOPICS: Final = ("news", "study", "opinions", "work", "family", "dues", "activities")
"""Ticks of a contact (LIA-4): what was passed on or talked of, never what somebody thinks."""
NEXT_STEPS: Final = ("", "call", "visit", "bring", "ask_branch")
REQUEST_KINDS: Final = (
    "job", "training", "business", "housing", "schooling", "rights", "procedure", "other",
)  # fmt: skip
REQUEST_STATES: Final = (
    "received", "answered_at_once", "under_study", "answered", "confirmed", "closed",
)  # fmt: skip
OPEN_REQUESTS: Final = tuple(state for state in REQUEST_STATES if state != "closed")

LONGEST_NOTE: Final = 120
NOTE_LASTS_DAYS: Final = 180
"""A short note helps until about the next two contacts; then it is emptied. A choice."""
SOON_DAYS: Final = 14
"""How long before its last day a contact comes up on the list. A choice."""
WITHDRAW_DAYS: Final = 7
"""How long whoever recorded a visit may take it back; an administrator always may. A choice."""
EARLIEST_DAYS: Final = 366
"""How far back a visit may be dated: a year of paper at most."""

_REQUEST_NEXT: Final = {
    "received": ("answered_at_once", "under_study", "closed"),
    "under_study": ("answered", "closed"),
    "answered_at_once": ("confirmed", "closed"),
    "answered": ("confirmed", "closed"),
    "confirmed": ("closed",),
    "closed": (),
}
STEP_DATES: Final = {
    "under_study": "studied_on",
    "answered_at_once": "answered_on",
    "answered": "answered_on",
    "confirmed": "confirmed_on",
    "closed": "closed_on",
}
"""The state a wish comes to -> where the day of it is kept."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a duty comes from: the clause and its words."""

    clause: str
    quotation: str


ON_ARRIVAL: Final = Source(
    "001_afcb 一-1", "流动党员到达外地以后，必须及时地向原党支部和联系人提供电话和通讯地址"
)
ON_RETURN: Final = Source(
    "003_10ae 五(二)1", "流動黨員返回時,把《流動黨員活動證》交回黨支部進行稽核"
)


@dataclass(frozen=True, slots=True)
class Done:
    """One visit that was not withdrawn, as the rules want it."""

    member_id: UUID
    happened_on: date
    kind: str
    outcome: str
    way: str
    next_step: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do for a member. `state`: overdue | today | soon; `due_on` the last day in time.

    `why` is one sentence with %(name)s places, `facts` what stands in them (days as dates);
    `source` is the clause it comes from, None where a person promised it themselves.
    kind: first_contact | contact | certificate_check | return_visit | promised.
    """

    kind: str
    state: str
    due_on: date
    why: str
    facts: dict[str, object] = field(default_factory=dict)
    source: Source | None = None


def is_contact(outcome: str, way: str) -> bool:
    """Whether somebody was reached; "tried, nobody there" is an attempt (LIA-3).

    Whoever came to an activity was reached there.
    """
    return outcome == "reached" or way == "activity"


def last_on(visits: Iterable[Done], *kinds: str) -> date | None:
    """The last day on which the member was reached by a visit of these kinds; all when none named."""
    days = (
        each.happened_on
        for each in visits
        if is_contact(each.outcome, each.way) and (not kinds or each.kind in kinds)
    )
    return max(days, default=None)


def last_contact_on(visits: Iterable[Done]) -> date | None:
    """The last day on which one of us reached the member; their own report is theirs (LIA-6)."""
    return last_on(visits, "contact", "return_visit", "certificate_check", "care")


def attempts_since_contact(visits: Sequence[Done]) -> int:
    """How often it was tried in vain since the member was last reached."""
    reached = last_on(visits) or date.min
    return sum(1 for each in visits if each.outcome == "not_reached" and each.happened_on > reached)


def first_contact(
    registered_on: date, came_on: date | None, visits: Sequence[Done], day: date
) -> Due | None:
    """Whoever came is contacted at once (MOB-7): due from the day they were registered.

    A contact since the day they came (or the day before they were registered) is enough.
    """
    reached = last_on(visits)
    if reached is not None and reached >= min(
        registered_on - timedelta(days=1), came_on or date.max
    ):
        return None
    facts: dict[str, object] = {"registered_on": registered_on}
    why = N_("%(registered_on)s登记流入，还没有联系上，来了就要及时联系、互留电话。")
    return Due("first_contact", state_of(registered_on, day), registered_on, why, facts, ON_ARRIVAL)


def contact_due(
    due_on: date, last: date | None, left_on: date | None, day: date, source: Source
) -> Due | None:
    """The pack's contact, once it is near; `last` None: never reached since they left."""
    if due_on > day + timedelta(days=SOON_DAYS):
        return None
    facts: dict[str, object] = {"due_on": due_on, "last_on": last, "left_on": left_on}
    if last is not None and (left_on is None or last >= left_on):
        why = N_("上次联系是%(last_on)s，按规定最迟%(due_on)s再联系一次。")
    elif left_on is not None:
        why = N_("%(left_on)s外出以后还没有联系上，按规定最迟%(due_on)s联系一次。")
    else:
        why = N_("还没有联系上，按规定最迟%(due_on)s联系一次。")
    return Due("contact", state_of(due_on, day), due_on, why, facts, source)


def certificate_due(
    due_on: date, last: date, issued_on: date | None, day: date, source: Source
) -> Due | None:
    """The pack's check of the activity certificate, once it is near.

    `last`: the last check, or the day it was issued where that is `issued_on`.
    """
    if due_on > day + timedelta(days=SOON_DAYS):
        return None
    why = N_("活动证上次查验是%(last_on)s，按规定最迟%(due_on)s再查验一次。")
    if last == issued_on:
        why = N_("活动证%(last_on)s发的，按规定最迟%(due_on)s查验一次。")
    facts: dict[str, object] = {"due_on": due_on, "last_on": last}
    return Due("certificate_check", state_of(due_on, day), due_on, why, facts, source)


def return_due(
    returned_on: date, debriefed_on: date | None, visits: Sequence[Done], day: date
) -> Due | None:
    """Whoever came back is talked to (MOB-11); done by a return visit or a debriefing."""
    talked = last_on(visits, "return_visit")
    if debriefed_on is not None or (talked is not None and talked >= returned_on):
        return None
    why = N_("%(returned_on)s返回，还没有谈过话，请谈一次并查验活动证。")
    facts: dict[str, object] = {"returned_on": returned_on}
    due_on = returned_on + timedelta(days=SOON_DAYS)
    return Due("return_visit", state_of(due_on, day), due_on, why, facts, ON_RETURN)


def promised(visits: Sequence[Done], day: date) -> Due | None:
    """What was agreed at an earlier visit. It stands until the member was reached after it.

    Of several the one said last; an attempt in vain takes no promise away.
    """
    in_order = sorted(visits, key=lambda each: each.happened_on)
    found: Done | None = None
    for each in in_order:
        if each.next_on is not None:
            found = each
        elif is_contact(each.outcome, each.way):
            found = None
    if found is None or found.next_on is None or found.next_on > day + timedelta(days=SOON_DAYS):
        return None
    why = N_("%(said_on)s约定%(next_on)s再联系。")
    facts: dict[str, object] = {"said_on": found.happened_on, "next_on": found.next_on}
    return Due("promised", state_of(found.next_on, day), found.next_on, why, facts)


def state_of(due_on: date, day: date) -> str:
    """overdue | today | soon."""
    if due_on < day:
        return "overdue"
    return "today" if due_on == day else "soon"


def may_withdraw(
    done_by: UUID | None, recorded_on: date, person_id: UUID | None, role: str, day: date
) -> bool:
    """Whether this person may take a visit back: their own for a while, an administrator any."""
    if role == "community_admin":
        return True
    return done_by == person_id and day <= recorded_on + timedelta(days=WITHDRAW_DAYS)


def next_states(state: str) -> tuple[str, ...]:
    """Where a wish may go from here."""
    return _REQUEST_NEXT[state]


def state_before(days: dict[str, date | None], state: str) -> str | None:
    """What a wish was before, from the days of its steps; None at its beginning.

    `days`: studied_on, answered_on, confirmed_on, closed_on.
    """
    order = ("studied_on", "answered_on", "confirmed_on", "closed_on")
    answered = "answered" if days["studied_on"] else "answered_at_once"
    names = dict(zip(order, ("under_study", answered, "confirmed", "closed"), strict=True))
    here = STEP_DATES.get(state)
    if here is None:
        return None
    earlier = [step for step in order[: order.index(here)] if days[step]]
    return names[earlier[-1]] if earlier else "received"
