"""What people on both sides decide about a redirect. Each edits the own leg; a job carries it over."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from tenants.arrivals.lookups import arrival
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.matching.choosing import choices
from tenants.members.lookups import MemberCard, member_card
from tenants.outbox.actions import ask
from tenants.places.actions import take_place
from tenants.places.lookups import BranchPlace, branch, county_branch
from tenants.redirects.lookups import keeper_of, open_leg_of
from tenants.redirects.records import Redirect
from tenants.redirects.rules import CORRECTIONS, OPEN, REASONS, WAYS_ON, may
from tenants.scope import Scope

CARRY_JOB = "carry_redirect"


@dataclass(frozen=True, slots=True)
class _Target:
    """A branch elsewhere with its keeper, and how far it is from the person."""

    branch: BranchPlace
    keeper_id: int
    keeper: str
    metres: float | None
    place: str


def propose(scope: Scope, arrival_id: UUID, branch_id: UUID, reason: str) -> UUID:
    """Ask the community of a branch elsewhere to take an arrival of ours. Answers the id.

    Raises NotFound for an arrival one may not see or a branch that is not in the county,
    InvalidInput without a reason, Conflict for one who has a seat or is being redirected.
    """
    line = arrival(scope, arrival_id)
    if reason not in REASONS:
        raise InvalidInput("请先选择转出的原因。")
    if line.state not in WITHOUT_SEAT:
        raise Conflict("这位同志已经编入支部。要转到别的社区，请先撤销编入。")
    if open_leg_of(scope, arrival_id) is not None:
        raise Conflict("这位同志已经在转往别的社区，请看现在的进展。")
    person = member_card(scope, line.member_id)
    target = _target(scope, person, branch_id)
    record = Redirect(
        id=new_id(),
        side="from",
        state="proposed",
        other_id=target.keeper_id,
        other=target.keeper,
        arrival_id=arrival_id,
        member_id=line.member_id,
        branch_id=branch_id,
        branch=target.branch.name,
        class_=person.class_,
        metres=target.metres,
        place=target.place,
        reason=reason,
        done_by=scope.person_id,
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "propose_redirect", "arrival", arrival_id, redirect=str(record.id))
    _send(scope, record)
    return record.id


def propose_again(scope: Scope, redirect_id: UUID, branch_id: UUID | None = None) -> None:
    """What was asked for is put right: the same community is asked anew, maybe another branch."""
    record = _own(scope, redirect_id, "propose_again")
    person = member_card(scope, _known(record.member_id))
    target = _target(scope, person, branch_id or record.branch_id)
    if target.keeper_id != record.other_id:
        raise InvalidInput("要转到另一个社区，请先撤回，再重新提出。")
    record.branch_id, record.branch = target.branch.id, target.branch.name
    record.class_, record.metres, record.place = person.class_, target.metres, target.place
    record.round += 1
    _become(scope, record, "proposed", "propose_redirect")


def release(scope: Scope, redirect_id: UUID) -> None:
    """The sender lets the person go, now that the other side accepted."""
    record = _own(scope, redirect_id, "release")
    _become(scope, record, "released", "release_redirect")


def withdraw(scope: Scope, redirect_id: UUID) -> None:
    """The sender keeps the person after all; possible until they have left the register."""
    record = _own(scope, redirect_id, "withdraw")
    _become(scope, record, "withdrawn", "withdraw_redirect")


def accept(scope: Scope, redirect_id: UUID, branch_id: UUID | None = None) -> None:
    """The receiver takes the person, into the branch asked for or another of its own.

    The seat is held from now on. Raises NoSeat, InvalidInput for a branch that is not open.
    """
    record = _own(scope, redirect_id, "accept")
    chosen = branch(scope, branch_id or record.branch_id)
    if not chosen.open_on(date.today()):
        raise InvalidInput("这个支部现在没有开放，请改选其他支部。")
    take_place(scope, chosen.id)
    record.branch_id, record.branch = chosen.id, chosen.name
    _become(scope, record, "accepted", "accept_redirect")


def ask_correction(scope: Scope, redirect_id: UUID, answer: str) -> None:
    """The receiver asks the sender to put something right first."""
    record = _own(scope, redirect_id, "ask_correction")
    if answer not in CORRECTIONS:
        raise InvalidInput("请先选择需要更正什么。")
    record.answer = answer
    _become(scope, record, "correction", "ask_for_correction")


def pass_on(scope: Scope, redirect_id: UUID, branch_id: UUID, answer: str) -> None:
    """The receiver names a branch of a third community; the sender's leg turns to it."""
    record = _own(scope, redirect_id, "pass_on")
    if answer not in WAYS_ON:
        raise InvalidInput("请先选择原因。")
    there = county_branch(scope, branch_id)
    keeper_id, _name = keeper_of(scope, there.area)
    if keeper_id in (scope.tenant_id, record.other_id):
        raise InvalidInput("请选另一个社区的支部。")
    record.answer, record.next_branch_id = answer, branch_id
    _become(scope, record, "passed_on", "pass_on_redirect")


def escalate(scope: Scope, redirect_id: UUID, answer: str) -> None:
    """The receiver asks the county to settle where the person goes."""
    record = _own(scope, redirect_id, "escalate")
    if answer not in WAYS_ON:
        raise InvalidInput("请先选择原因。")
    record.answer = answer
    _become(scope, record, "escalated", "escalate_redirect")


def settle(scope: Scope, redirect_id: UUID, branch_id: UUID) -> None:
    """The county names the branch that is asked next."""
    record = _own(scope, redirect_id, "settle")
    there = county_branch(scope, branch_id)
    if keeper_of(scope, there.area)[0] == record.other_id:
        raise InvalidInput("请选另一个社区的支部。")
    record.next_branch_id = branch_id
    record.branch = there.name
    _become(scope, record, "settled", "settle_redirect")


def carry_again(scope: Scope, sweep: str) -> int:
    """Ask once more for every open leg of the tenant to be carried; answers how many."""
    open_ones = db.session.execute(
        select(Redirect.id).where(
            Redirect.tenant_id == scope.tenant_id,
            or_(*(and_(Redirect.side == side, Redirect.state.in_(OPEN[side])) for side in OPEN)),
        )
    ).scalars()
    redirect_ids = list(open_ones)
    for redirect_id in redirect_ids:
        key = f"carry:{redirect_id}:{sweep}"
        ask(scope, CARRY_JOB, {"redirect": str(redirect_id)}, dedupe_key=key)
    return len(redirect_ids)


def _own(scope: Scope, redirect_id: UUID, act: str) -> Redirect:
    """The own leg, locked. Raises NotFound, and Conflict when this cannot be done now."""
    record = db.session.execute(
        select(Redirect)
        .where(Redirect.tenant_id == scope.tenant_id, Redirect.id == redirect_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if not may(act, record.side, record.state, record.round):
        raise Conflict("这件事刚刚有了新的进展，请看现在的情况。")
    return record


def _become(scope: Scope, record: Redirect, state: str, act: str) -> None:
    record.state, record.state_since = state, func.now()
    record.version += 1
    record.done_by = scope.person_id
    db.session.flush()
    kind, subject = ("arrival", record.arrival_id) if record.arrival_id else ("redirect", record.id)
    note(scope, act, kind, subject, redirect=str(record.id))
    _send(scope, record)


def _send(scope: Scope, record: Redirect) -> None:
    key = f"carry:{record.id}:{record.version}"
    ask(scope, CARRY_JOB, {"redirect": str(record.id)}, dedupe_key=key)


def _target(scope: Scope, person: MemberCard, branch_id: UUID) -> _Target:
    there = county_branch(scope, branch_id)
    if there.area == scope.area:
        raise InvalidInput("这是本社区的支部，请直接改选，不用转出。")
    if not there.open_on(date.today()):
        raise InvalidInput("这个支部现在没有开放，请改选其他支部。")
    (choice,) = choices(person.home, person.work, person.class_, [there], date.today())
    keeper_id, keeper = keeper_of(scope, there.area)
    return _Target(there, keeper_id, keeper, choice.metres, choice.place or "home")


def _known(member_id: UUID | None) -> UUID:
    if member_id is None:
        raise NotFound
    return member_id
