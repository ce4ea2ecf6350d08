"""Putting an address on the list, and what was said there."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete

from tenants.arrivals.talks.lookups import held, left_alone
from tenants.arrivals.talks.records import FirstTalk
from tenants.arrivals.talks.rules import OUTCOMES, Following, following
from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope

LONGEST_ADDRESS = 120


def put_on_the_list(scope: Scope, building_id: UUID | None, address: str, day: date) -> UUID:
    """Somebody moved to an address: keep the address and nothing else. Answers its id.

    `address`: what the building does not say, such as the flat; may be '' with a building.
    Raises InvalidInput without either, Conflict where a visit is not wanted or already planned.
    """
    words = " ".join(address.split())
    if not words and building_id is None:
        raise InvalidInput("请选楼栋，或写下地址。")
    if len(words) > LONGEST_ADDRESS:
        raise InvalidInput("地址太长，最多 %(most)s 个字。", most=LONGEST_ADDRESS)
    if left_alone(scope, building_id, words, day):
        raise Conflict("这个地址已经在清单上，或者请求过不要上门。")
    talk_id = new_id()
    db.session.add(
        FirstTalk(
            id=talk_id,
            building_id=building_id,
            address_sealed=seal_of(scope).close(words, talk_id, "address") if words else None,
            signalled_on=day,
            signalled_by=scope.person_id,
        )
    )
    note(scope, "plan_first_talk", "first_talk", talk_id)
    db.session.flush()
    return talk_id


def keep_outcome(
    scope: Scope,
    talk_id: UUID,
    outcome: str,
    day: date,
    wanted: date | None = None,
    *,
    mine: ColumnElement[bool] | None = None,
) -> Following:
    """What was said at an address. Answers what follows.

    Whoever is no member, does not want to say, or declared themselves: the address is deleted, and
    the audit entry is the same for all three. `mine`: as in `lookups.held`. Raises NotFound,
    InvalidInput.
    """
    talk = held(scope, talk_id, mine)
    if outcome not in OUTCOMES:
        raise InvalidInput("请选一个结果。")
    next_ = following(outcome, talk.attempts, day, wanted)
    note(scope, "end_first_talk" if next_.over else "call_at_address", "first_talk", talk_id)
    if next_.over:
        db.session.delete(talk)
    else:
        talk.state, talk.attempts = next_.state, next_.attempts
        talk.next_on, talk.no_visit_until = next_.next_on, next_.no_visit_until
        talk.version += 1
    db.session.flush()
    return next_


def call_again(scope: Scope, talk_id: UUID) -> None:
    """Take back "no visit": the address asked to be called at after all, or it was a mistake."""
    talk = held(scope, talk_id)
    if talk.state != "no_visit":
        raise Conflict("这个地址没有请求过不要上门。")
    talk.state, talk.no_visit_until, talk.attempts = "queued", None, 0
    talk.version += 1
    note(scope, "call_at_address_again", "first_talk", talk_id)
    db.session.flush()


def forget_no_visits(scope: Scope, today: date) -> int:
    """Strike off addresses whose "no visit" is over; answers how many."""
    gone = db.session.execute(
        delete(FirstTalk)
        .where(FirstTalk.tenant_id == scope.tenant_id, FirstTalk.no_visit_until < today)
        .returning(FirstTalk.id)
    ).all()
    return len(gone)
