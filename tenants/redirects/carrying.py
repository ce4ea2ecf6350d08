"""The steps of `rules.next_step`: each edits one side's leg in one transaction of that side.

Whoever does a step twice does it once: each looks again, under a lock, whether it is still due.
What the other side said comes in as plain values; nothing here reads another tenant.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tenants.arrivals.records import Arrival
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import NoSeat
from tenants.matching.actions import ask_for_match
from tenants.matching.actions import redirect as place_with
from tenants.matching.records import Proposal
from tenants.members.actions import MemberDraft, Place, enter_members
from tenants.members.lookups import member_card
from tenants.members.records import Member
from tenants.mobility.actions import EpisodeDraft, open_episodes
from tenants.mobility.records import Episode
from tenants.organisations.sealing import seal_of
from tenants.places.actions import give_back_place
from tenants.places.lookups import branch, county_branch
from tenants.redirects.lookups import Leg, keeper_of
from tenants.redirects.records import Redirect
from tenants.redirects.rules import OPEN
from tenants.scope import Scope

CARRY = "carry_redirect"
NOT_HERE_YET = date(1, 1, 1)
"""`left_on` of somebody whose data is here before they are: on no day do they count."""


@dataclass(frozen=True, slots=True)
class Luggage:
    """What goes along with a person: opened on one side, sealed with its own key on the other."""

    member: MemberDraft
    version: int
    arrived_on: date | None
    episode_reason: str
    from_place: str


def tell(scope: Scope, sent: Leg, sender_id: int, sender: str) -> None:
    """Receiver: somebody is proposed to us, for the first time or anew."""
    record = _leg_of(scope, sent, "to", "proposed", sender_id, sender)
    if record.round >= sent.round:
        return
    if record.state == "accepted":
        # Accepted while the sender was putting it right: what is asked now is something else.
        give_back_place(scope, record.branch_id)
    _copy(record, sent, sender_id, sender)
    _become(record, "proposed")


def tell_county(scope: Scope, sent: Leg, sender_id: int, sender: str) -> None:
    """County: two communities ask for a word."""
    record = _leg_of(scope, sent, "county", "escalated", sender_id, sender)
    if record.round >= sent.round:
        return
    _copy(record, sent, sender_id, sender)
    _become(record, "escalated")


def hear(scope: Scope, answered: Leg) -> None:
    """Sender: what the receiver said. Passed on, it is proposed to the next one at once."""
    record = _locked(scope, answered.id)
    if record is None or record.round != answered.round:
        return
    if record.state not in ("proposed", "correction"):
        return
    record.answer = answered.answer
    if answered.state == "passed_on" and answered.next_branch_id:
        _turn_to(scope, record, answered.next_branch_id)
    elif answered.state in ("accepted", "correction", "escalated"):
        if answered.state == "accepted":
            record.branch_id, record.branch = answered.branch_id, answered.branch
        _become(record, answered.state)


def hear_county(scope: Scope, settled: Leg) -> None:
    """Sender: where the county sends the person; that community is asked next."""
    record = _locked(scope, settled.id)
    if record is None or (record.state, record.round) != ("escalated", settled.round):
        return
    if settled.next_branch_id:
        record.by_county = True
        _turn_to(scope, record, settled.next_branch_id)


def luggage(scope: Scope, redirect_id: UUID) -> Luggage | None:
    """Sender: the person's data, to be sealed on the other side. None when it is not released."""
    row = db.session.execute(
        select(Redirect.member_id, Redirect.arrival_id).where(
            Redirect.tenant_id == scope.tenant_id,
            Redirect.id == redirect_id,
            Redirect.state == "released",
        )
    ).one_or_none()
    if row is None:
        return None
    card = member_card(scope, row.member_id)
    sealed = db.session.execute(
        select(Member.phone_sealed, Member.address_sealed).where(
            Member.tenant_id == scope.tenant_id, Member.id == row.member_id
        )
    ).one()
    stay = db.session.execute(
        select(Episode.started_on, Episode.reason, Episode.other_place)
        .where(
            Episode.tenant_id == scope.tenant_id,
            Episode.member_id == row.member_id,
            Episode.direction == "inflow",
        )
        .order_by(Episode.registered_at.desc())
        .limit(1)
    ).one_or_none()
    draft = MemberDraft(
        name=card.name,
        affiliation="incoming",
        sex=card.sex,
        born_on=card.born_on,
        born_precision=card.born_precision,
        joined_on=card.joined_on,
        joined_precision=card.joined_precision,
        phone=_opened(scope, sealed.phone_sealed, row.member_id, "phone"),
        address=_opened(scope, sealed.address_sealed, row.member_id, "address"),
        employer=card.employer,
        class_=card.class_,
        stage=card.stage,
        home=Place(*card.home, precision=card.home_precision) if card.home else None,
        work=Place(*card.work, precision=card.work_precision) if card.work else None,
    )
    note(scope, CARRY, "member", row.member_id, redirect=str(redirect_id))
    return Luggage(
        draft,
        card.version,
        stay.started_on if stay else None,
        stay.reason if stay else "",
        stay.other_place if stay else "",
    )


def receive(scope: Scope, redirect_id: UUID, brought: Luggage) -> None:
    """Receiver: the data is here, sealed with our key; the person is not in the register yet."""
    record = _locked(scope, redirect_id)
    if record is None or record.state != "accepted":
        return
    (member_id,) = enter_members(scope, [brought.member])
    db.session.execute(
        update(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id == member_id)
        .values(left_on=NOT_HERE_YET)
    )
    record.member_id, record.sent_version = member_id, brought.version
    record.arrived_on = brought.arrived_on
    record.came_from, record.came_why = brought.from_place, brought.episode_reason
    _become(record, "delivered")


def send_back(scope: Scope, redirect_id: UUID) -> None:
    """Receiver: what was delivered is out of date; it is fetched anew."""
    record = _locked(scope, redirect_id)
    if record is not None and record.state == "delivered":
        _forget(scope, record)
        _become(record, "accepted")


def let_go(scope: Scope, redirect_id: UUID, sent_version: int) -> bool:
    """Sender: from here on the person is with the receiver. False: the data changed meanwhile.

    Somebody who was placed here after all stays here, and the redirect is withdrawn.
    """
    record = _locked(scope, redirect_id)
    if record is None or record.state != "released":
        return True
    case = db.session.execute(
        select(Arrival)
        .where(Arrival.tenant_id == scope.tenant_id, Arrival.id == record.arrival_id)
        .with_for_update()
    ).scalar_one()
    member = db.session.execute(
        select(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id == record.member_id)
        .with_for_update()
    ).scalar_one()
    if case.state not in WITHOUT_SEAT or member.left_on is not None:
        _become(record, "withdrawn")
        return True
    if member.version != sent_version:
        return False
    today = datetime.now(UTC).date()
    _close(scope, case, today)
    member.left_on, member.version = today, member.version + 1
    _become(record, "done")
    note(scope, "let_go_redirect", "arrival", case.id, redirect=str(redirect_id))
    return True


def take_in(scope: Scope, redirect_id: UUID) -> None:
    """Receiver: the person enters the register and the branch that accepted them."""
    record = _locked(scope, redirect_id)
    if record is None or record.state != "delivered" or record.member_id is None:
        return
    db.session.execute(
        update(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id == record.member_id)
        .values(left_on=None)
    )
    open_episodes(
        scope,
        [
            EpisodeDraft(
                record.member_id,
                "inflow",
                record.arrived_on,
                record.came_why,
                record.came_from or record.other,
            )
        ],
    )
    case = Arrival(
        id=new_id(),
        member_id=record.member_id,
        source="redirect",
        arrived_on=record.arrived_on,
    )
    db.session.add(case)
    record.arrival_id = case.id
    db.session.flush()
    note(scope, "take_in_redirect", "member", record.member_id, redirect=str(redirect_id))
    _seat(scope, record, case.id)
    _become(record, "done")


def call_off(scope: Scope, redirect_id: UUID) -> None:
    """Receiver or county: the sender withdrew; a seat that was held is free again."""
    record = _locked(scope, redirect_id)
    if record is None or record.state not in OPEN[record.side]:
        return
    if record.state == "delivered":
        _forget(scope, record)
    if record.side == "to" and record.state in ("accepted", "delivered"):
        give_back_place(scope, record.branch_id)
    _become(record, "withdrawn")


def _seat(scope: Scope, record: Redirect, arrival_id: UUID) -> None:
    """The held seat becomes the person's; when the branch closed meanwhile, a match is asked for."""
    give_back_place(scope, record.branch_id)
    if branch(scope, record.branch_id).open_on(date.today()):
        try:
            with db.session.begin_nested():
                measured = (record.metres or 0.0, record.place)
                place_with(scope, arrival_id, record.branch_id, measured=measured)
            return
        except NoSeat:
            # The branch has fewer places than it had when the seat was held.
            pass
    ask_for_match(scope, f"redirect:{record.id}")


def _close(scope: Scope, case: Arrival, today: date) -> None:
    db.session.execute(
        update(Proposal)
        .where(
            Proposal.tenant_id == scope.tenant_id,
            Proposal.arrival_id == case.id,
            Proposal.decision == "open",
        )
        .values(decision="withdrawn", decided_at=func.now())
    )
    db.session.execute(
        update(Episode)
        .where(
            Episode.tenant_id == scope.tenant_id,
            Episode.member_id == case.member_id,
            Episode.direction == "inflow",
            Episode.ended_on.is_(None),
        )
        .values(ended_on=func.greatest(func.coalesce(Episode.started_on, today), today))
    )
    case.state, case.unserved_reason = "redirected", ""
    case.state_since = func.now()
    case.version += 1


def _forget(scope: Scope, record: Redirect) -> None:
    member_id, record.member_id, record.sent_version = record.member_id, None, None
    db.session.flush()
    db.session.execute(
        delete(Member).where(
            Member.tenant_id == scope.tenant_id,
            Member.id == member_id,
            Member.left_on == NOT_HERE_YET,
        )
    )


def _turn_to(scope: Scope, record: Redirect, branch_id: UUID) -> None:
    there = county_branch(scope, branch_id)
    record.other_id, record.other = keeper_of(scope, there.area)
    record.branch_id, record.branch = there.id, there.name
    record.round += 1
    _become(record, "proposed")


def _copy(record: Redirect, sent: Leg, sender_id: int, sender: str) -> None:
    record.other_id, record.other = sender_id, sender
    for name in ("round", "branch_id", "branch", "class_", "metres", "place", "reason"):
        setattr(record, name, getattr(sent, name))
    record.answer = sent.answer if record.side == "county" else ""
    record.by_county, record.next_branch_id = sent.by_county, None


def _become(record: Redirect, state: str) -> None:
    record.state, record.state_since = state, func.now()
    record.version = (record.version or 0) + 1
    db.session.flush()


def _leg_of(
    scope: Scope, sent: Leg, side: str, state: str, sender_id: int, sender: str
) -> Redirect:
    """Our leg, locked; begun with round 0 when there is none. Two who begin it begin it once."""
    begun = {"id": sent.id, "side": side, "state": state, "round": 0, "version": 0}
    said = {"other_id": sender_id, "other": sender, "branch_id": sent.branch_id}
    db.session.execute(
        upsert(Redirect)
        .values(**begun, **said, branch=sent.branch, reason=sent.reason)
        .on_conflict_do_nothing()
    )
    record = _locked(scope, sent.id)
    assert record is not None
    return record


def _locked(scope: Scope, redirect_id: UUID) -> Redirect | None:
    return db.session.execute(
        select(Redirect)
        .where(Redirect.tenant_id == scope.tenant_id, Redirect.id == redirect_id)
        .with_for_update()
    ).scalar_one_or_none()


def _opened(scope: Scope, sealed: bytes | None, member_id: UUID, field: str) -> str:
    return "" if sealed is None else seal_of(scope).open(bytes(sealed), member_id, field)
