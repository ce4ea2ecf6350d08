"""The steps in which a person goes over, of `rules.next_step`; for what is told see `telling`.

Each edits one side's leg in one transaction of that side, and whoever does a step twice does it
once: each looks again, under a lock, whether it is still due.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update

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
from tenants.places.lookups import branch
from tenants.redirects import legs
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
        select(Member.phone_sealed, Member.document_sealed, Member.address_sealed).where(
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
        document=_opened(scope, sealed.document_sealed, row.member_id, "document"),
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
    record = legs.locked(scope, redirect_id)
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
    legs.become(record, "delivered")


def send_back(scope: Scope, redirect_id: UUID) -> None:
    """Receiver: what was delivered is out of date; it is fetched anew."""
    record = legs.locked(scope, redirect_id)
    if record is not None and record.state == "delivered":
        _forget(scope, record)
        legs.become(record, "accepted")


def let_go(scope: Scope, redirect_id: UUID, sent_version: int) -> bool:
    """Sender: from here on the person is with the receiver. False: the data changed meanwhile.

    Somebody who was placed here after all stays here, and the redirect is withdrawn.
    """
    record = legs.locked(scope, redirect_id)
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
        legs.become(record, "withdrawn")
        return True
    if member.version != sent_version:
        return False
    today = datetime.now(UTC).date()
    _close(scope, case, today)
    member.left_on, member.version = today, member.version + 1
    legs.become(record, "done")
    note(scope, "let_go_redirect", "arrival", case.id, redirect=str(redirect_id))
    return True


def take_in(scope: Scope, redirect_id: UUID) -> None:
    """Receiver: the person enters the register and the branch that accepted them."""
    record = legs.locked(scope, redirect_id)
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
    legs.become(record, "done")


def call_off(scope: Scope, redirect_id: UUID) -> None:
    """Receiver or county: the sender withdrew; a seat that was held is free again."""
    record = legs.locked(scope, redirect_id)
    if record is None or record.state not in OPEN[record.side]:
        return
    if record.state == "delivered":
        _forget(scope, record)
    if record.side == "to" and record.state in ("accepted", "delivered"):
        give_back_place(scope, record.branch_id)
    legs.become(record, "withdrawn")


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


def _opened(scope: Scope, sealed: bytes | None, member_id: UUID, field: str) -> str:
    return "" if sealed is None else seal_of(scope).open(bytes(sealed), member_id, field)
