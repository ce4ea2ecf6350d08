"""What the sides of a redirect tell each other, of `rules.next_step`.

Each function edits one side's leg in one transaction of that side. What the other side said comes
in as plain values; nothing here reads another tenant.
"""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as upsert

from tenants.database import db
from tenants.places.actions import give_back_place
from tenants.places.lookups import county_branch
from tenants.redirects import legs
from tenants.redirects.lookups import Leg, keeper_of
from tenants.redirects.records import Redirect
from tenants.scope import Scope


def tell(scope: Scope, sent: Leg, sender_id: int, sender: str) -> None:
    """Receiver: somebody is proposed to us, for the first time or anew."""
    record = _leg_of(scope, sent, "to", "proposed", sender_id, sender)
    if record.round >= sent.round:
        return
    if record.state == "accepted":
        # Accepted while the sender was putting it right: what is asked now is something else.
        give_back_place(scope, record.branch_id)
    _copy(record, sent, sender_id, sender)
    legs.become(record, "proposed")


def tell_county(scope: Scope, sent: Leg, sender_id: int, sender: str) -> None:
    """County: two communities ask for a word."""
    record = _leg_of(scope, sent, "county", "escalated", sender_id, sender)
    if record.round >= sent.round:
        return
    _copy(record, sent, sender_id, sender)
    legs.become(record, "escalated")


def hear(scope: Scope, answered: Leg) -> None:
    """Sender: what the receiver said. Passed on, it is proposed to the next one at once."""
    record = legs.locked(scope, answered.id)
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
        legs.become(record, answered.state)


def hear_county(scope: Scope, settled: Leg) -> None:
    """Sender: where the county sends the person; that community is asked next."""
    record = legs.locked(scope, settled.id)
    if record is None or (record.state, record.round) != ("escalated", settled.round):
        return
    if settled.next_branch_id:
        record.by_county = True
        _turn_to(scope, record, settled.next_branch_id)


def _turn_to(scope: Scope, record: Redirect, branch_id: UUID) -> None:
    there = county_branch(scope, branch_id)
    record.other_id, record.other = keeper_of(scope, there.area)
    record.branch_id, record.branch = there.id, there.name
    record.round += 1
    legs.become(record, "proposed")


def _copy(record: Redirect, sent: Leg, sender_id: int, sender: str) -> None:
    record.other_id, record.other = sender_id, sender
    for name in ("round", "branch_id", "branch", "class_", "metres", "place", "reason"):
        setattr(record, name, getattr(sent, name))
    record.answer = sent.answer if record.side == "county" else ""
    record.by_county, record.next_branch_id = sent.by_county, None


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
    record = legs.locked(scope, sent.id)
    assert record is not None
    return record
