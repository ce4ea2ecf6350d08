"""What tablets send: each operation applied once, however often and in whatever order it comes.

The operation's own row is written first, in the transaction of what it does: a second delivery of
the same id waits for the first one, and is then answered with the first one's answer. A transaction
that is killed leaves neither. What was refused is kept too, so that every delivery gets one answer.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError

from tenants.database import db
from tenants.errors import NotAllowed, NotFound, WanggeError
from tenants.marking import N_
from tenants.members.editing import Changed
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope
from tenants.visits.kinds import APPLY, Act, Apply, NotYet, Sent
from tenants.visits.records import Operation
from tenants.visits.standings import standing_then

KEPT: Final = timedelta(days=90)
"""How long an answer is kept at least (issue 5)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """status: applied | already | refused | conflict | different_body | retry.

    `msgid` is a sentence with %(name)s places, filled from `facts`. `repeated`: it was delivered
    before, and this is the answer it got then.
    """

    id: UUID
    status: str
    code: str = ""
    msgid: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    repeated: bool = False


def take(scope: Scope, device_id: UUID, sent: Sent, now: datetime) -> Answer:
    """Apply one operation, or answer what it was answered before. The caller commits.

    Raises NotYet (nothing is kept of it); every other fault of the operation is its answer.
    """
    apply = APPLY.get(sent.kind)
    if apply is None:
        return Answer(
            sent.id, "refused", "unknown_kind", N_("系统不认识这一种操作，请刷新页面后再试。")
        )
    fresh = db.session.execute(
        insert(Operation)
        .values(
            id=sent.id,
            kind=sent.kind,
            body_hash=_mark(scope, sent),
            status="refused",
            device_id=device_id,
            person_id=scope.person_id,
            made_at=_day_of(sent.made_at),
        )
        .on_conflict_do_nothing()
        .returning(Operation.id)
    ).scalar_one_or_none()
    if fresh is None:
        return _known(scope, sent)
    answer = _judged(scope, sent, apply, now)
    db.session.execute(
        update(Operation)
        .where(Operation.tenant_id == scope.tenant_id, Operation.id == sent.id)
        .values(
            status=answer.status,
            answer={"code": answer.code, "msgid": answer.msgid, "facts": answer.facts},
        )
        .execution_options(synchronize_session=False)
    )
    return answer


def forget_old_answers(scope: Scope, now: datetime) -> int:
    """Delete operations whose answer was kept long enough; answers how many."""
    done = db.session.execute(
        delete(Operation)
        .where(Operation.tenant_id == scope.tenant_id, Operation.received_at < now - KEPT)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _known(scope: Scope, sent: Sent) -> Answer:
    row = db.session.execute(
        select(Operation.body_hash, Operation.status, Operation.answer, Operation.person_id).where(
            Operation.tenant_id == scope.tenant_id, Operation.id == sent.id
        )
    ).one()
    # Those of before are hashes without a key; they go with their rows, within KEPT.
    known = (_mark(scope, sent), sent.hash)
    if bytes(row.body_hash) not in known or row.person_id != scope.person_id:
        return Answer(
            sent.id,
            "different_body",
            "different_body",
            N_("同一个编号已经送来过别的内容，这一条没有记下；请把它导出后重新登记。"),
        )
    status = "already" if row.status == "applied" else row.status
    return Answer(sent.id, status, repeated=True, **row.answer)


def _judged(scope: Scope, sent: Sent, apply: Apply, now: datetime) -> Answer:
    """The operation's effect in a savepoint, and its answer; a fault undoes the effect alone."""
    try:
        then = standing_then(scope, sent.made_at, now)
        if then is None:
            raise NotAllowed("做这件事的时候，您在这里还没有（或已经不再）担任职务，没有记下。")
        with db.session.begin_nested():
            facts = apply(Act(scope, then, sent, now.date()))
        return Answer(sent.id, "applied", "applied", "", facts)
    except NotYet:
        raise
    except Changed as changed:
        return Answer(sent.id, "conflict", changed.code, changed.msgid, dict(changed.facts))
    except NotFound:
        return Answer(
            sent.id, "refused", "not_found", N_("当时这位同志不归您联系，或已经查不到，没有记下。")
        )
    except WanggeError as error:
        return Answer(sent.id, "refused", error.code, error.msgid, dict(error.facts))
    except (DataError, IntegrityError):
        return Answer(
            sent.id, "refused", "invalid_input", N_("内容里有不能保存的字符或编号，没有记下。")
        )


def _mark(scope: Scope, sent: Sent) -> bytes:
    """Equal for equal acts, and says nothing else.

    A plain hash could be tried out by whoever reads the table: what was done is known from the
    visit itself, which leaves the moment, and so the walk that `_day_of` does not keep; or a phone.
    """
    return seal_of(scope).blind(sent.hash.hex())


def _day_of(moment: datetime) -> datetime:
    """No more than the day is kept: the minutes at each door would tell where somebody walked."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def in_order(sent: list[Sent]) -> list[Sent]:
    """By the tablet's own numbering; its clock is only asked where it gave no number."""
    return sorted(sent, key=lambda each: (each.sequence is None, each.sequence or 0, each.made_at))
