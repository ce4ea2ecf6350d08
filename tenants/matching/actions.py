"""What a person decides about proposals: accept, redirect, another, and taking it back."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from geo.ellipsoid import metres_between
from tenants.arrivals.actions import MATCH_JOB, move_on
from tenants.arrivals.records import Arrival
from tenants.arrivals.rules import WITHOUT_SEAT
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.matching.records import Proposal
from tenants.members.actions import join_branch
from tenants.members.lookups import member_card
from tenants.outbox.actions import ask, recount
from tenants.places.actions import give_back_place, take_place
from tenants.places.lookups import branch
from tenants.scope import Scope


def accept(scope: Scope, proposal_id: UUID) -> UUID:
    """A person accepts a proposal: the seat is taken and the arrival is placed. Answers its id.

    Raises NotFound, NoSeat, and Conflict when it was decided already.
    """
    proposal = _open_proposal(scope, proposal_id)
    _place(scope, proposal.arrival_id, proposal.branch_id)
    _decide(scope, proposal, "accepted")
    note(
        scope,
        "accept_proposal",
        "arrival",
        proposal.arrival_id,
        branch=str(proposal.branch_id),
        metres=round(proposal.metres, 3),
    )
    recount(scope)
    return proposal.arrival_id


def redirect(
    scope: Scope,
    arrival_id: UUID,
    branch_id: UUID,
    *,
    measured: tuple[float, str] | None = None,
) -> None:
    """A person places an arrival with a branch of their own choice instead of the proposed one.

    Works for an unserved arrival too. `measured`: metres and from which place, when a run knows
    them. Raises NotFound, NoSeat, Conflict.
    """
    open_one = _open_of(scope, arrival_id)
    if open_one is not None:
        _decide(scope, open_one, "redirected")
        db.session.flush()
    _place(scope, arrival_id, branch_id)
    metres, place = measured or _distance(scope, arrival_id, branch_id)
    db.session.add(
        Proposal(
            arrival_id=arrival_id,
            branch_id=branch_id,
            metres=metres,
            place=place,
            decision="accepted",
            decided_by=scope.person_id,
            decided_at=func.now(),
        )
    )
    note(scope, "redirect_arrival", "arrival", arrival_id, branch=str(branch_id))
    recount(scope)


def ask_for_another(scope: Scope, proposal_id: UUID) -> UUID:
    """ "Another, please", without a reason: this branch is not proposed again (domain ASG-5)."""
    proposal = _open_proposal(scope, proposal_id)
    _decide(scope, proposal, "another")
    move_on(scope, proposal.arrival_id, "verified")
    ask(scope, MATCH_JOB, {}, dedupe_key=f"match:another:{proposal.id}")
    note(scope, "ask_for_another", "arrival", proposal.arrival_id)
    return proposal.arrival_id


def undo_placement(scope: Scope, arrival_id: UUID) -> None:
    """Take an acceptance back: the seat is free again and the proposal stands open again.

    Raises NotFound, and Conflict when the arrival is not placed.
    """
    case = move_on(scope, arrival_id, "proposed")
    accepted = db.session.execute(
        select(Proposal)
        .where(
            Proposal.tenant_id == scope.tenant_id,
            Proposal.arrival_id == arrival_id,
            Proposal.decision == "accepted",
        )
        .order_by(Proposal.decided_at.desc())
        .limit(1)
        .with_for_update()
    ).scalar_one_or_none()
    if accepted is None:
        raise Conflict("这位同志还没有编入支部,没有可撤销的。")
    accepted.decision, accepted.decided_by, accepted.decided_at = "open", None, None
    give_back_place(scope, accepted.branch_id)
    join_branch(scope, case.member_id, None)
    note(scope, "undo_placement", "arrival", arrival_id, branch=str(accepted.branch_id))
    recount(scope)


def ask_for_match(scope: Scope, cause: str, *, unserved_too: bool = False) -> UUID:
    """Ask for a run over everybody who waits; answers the job's id."""
    arguments = {"unserved": "yes"} if unserved_too else {}
    return ask(scope, MATCH_JOB, arguments, dedupe_key=f"match:{cause}:{new_id()}")


def match_again(scope: Scope, arrival_id: UUID) -> None:
    """Look for a branch once more for one who is with none; an open proposal is withdrawn.

    Raises NotFound, and Conflict for one who has a seat: that is undone first.
    """
    open_one = _open_of(scope, arrival_id)
    if open_one is not None:
        _decide(scope, open_one, "withdrawn")
        db.session.flush()
    state = db.session.execute(
        select(Arrival.state)
        .where(Arrival.tenant_id == scope.tenant_id, Arrival.id == arrival_id)
        .with_for_update()
    ).scalar_one_or_none()
    if state is not None and state not in WITHOUT_SEAT:
        raise Conflict("这位同志已经编入支部。要重新匹配,请先撤销编入。", state=state)
    if state not in ("signalled", "verified"):
        move_on(scope, arrival_id, "verified")
    ask(scope, MATCH_JOB, {}, dedupe_key=f"match:again:{new_id()}")
    note(scope, "match_again", "arrival", arrival_id)


def _place(scope: Scope, arrival_id: UUID, branch_id: UUID) -> None:
    today, chosen = date.today(), branch(scope, branch_id)
    if today < chosen.opens_on:
        raise InvalidInput("这个支部还没有成立,请改选其他支部。")
    if not chosen.open_on(today):
        raise InvalidInput("这个支部已经撤销,请改选其他支部。")
    case = move_on(scope, arrival_id, "placed")
    take_place(scope, branch_id)
    join_branch(scope, case.member_id, branch_id)


def _decide(scope: Scope, proposal: Proposal, decision: str) -> None:
    proposal.decision = decision
    proposal.decided_by = scope.person_id
    proposal.decided_at = func.now()


def _open_proposal(scope: Scope, proposal_id: UUID) -> Proposal:
    proposal = db.session.execute(
        select(Proposal)
        .where(Proposal.tenant_id == scope.tenant_id, Proposal.id == proposal_id)
        .with_for_update()
    ).scalar_one_or_none()
    if proposal is None:
        raise NotFound
    if proposal.decision != "open":
        raise Conflict("这条建议刚刚被别人处理过,请刷新后再看。", decision=proposal.decision)
    return proposal


def _open_of(scope: Scope, arrival_id: UUID) -> Proposal | None:
    return db.session.execute(
        select(Proposal)
        .where(
            Proposal.tenant_id == scope.tenant_id,
            Proposal.arrival_id == arrival_id,
            Proposal.decision == "open",
        )
        .with_for_update()
    ).scalar_one_or_none()


def _distance(scope: Scope, arrival_id: UUID, branch_id: UUID) -> tuple[float, str]:
    """Metres from the nearer known place of the arrival's member; 0 when none is known."""
    member_id = db.session.execute(
        select(Arrival.member_id).where(Arrival.id == arrival_id)
    ).scalar_one()
    card, there = member_card(scope, member_id), branch(scope, branch_id)
    places = [(name, point) for name, point in (("home", card.home), ("work", card.work)) if point]
    measured = [
        (float(metres_between([point], [(there.lon, there.lat)])[0]), name)
        for name, point in places
    ]
    return min(measured, default=(0.0, "home"))
