"""What each kind of operation does, read out of its body. A fault of the body is the one's own.

A new kind is a function `(Act) -> facts` in APPLY; it runs inside a savepoint of `operations.take`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from tenants.arrivals.talks.actions import keep_outcome
from tenants.arrivals.talks.rules import OVER as ENDS_IT
from tenants.database import db
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.marking import N_
from tenants.members.editing import Changed, edit_member
from tenants.members.lookups import names_of
from tenants.scope import Scope
from tenants.visits.actions import VisitDraft, record_visit, withdraw_visit
from tenants.visits.records import Visit
from tenants.visits.requests import open_request
from tenants.visits.standings import StandingThen, calls_then, seen_then

OVER: Final = "over"
"""What a tablet says of a first talk that is over: it never says which way it ended."""
FIRST_SAID: Final = {OVER: ENDS_IT[0]}
PATIENCE: Final = timedelta(days=30)
"""How long a withdrawal waits for the visit that it takes back."""


class NotYet(Conflict):
    """What this operation is about has not arrived yet: it is to be sent again later."""

    code = "not_yet"


@dataclass(frozen=True, slots=True)
class Sent:
    """One operation as a tablet made it. `made_at` is the tablet's clock, with its zone.

    `seen`: the version that an edit saw. `sequence`: the order on the tablet, which its clock
    cannot turn round.
    """

    id: UUID
    kind: str
    made_at: datetime
    body: dict[str, Any]
    seen: int | None = None
    sequence: int | None = None

    @property
    def hash(self) -> bytes:
        """Equal for equal acts; the place in the queue is no part of the act."""
        act = {
            "kind": self.kind,
            "body": self._told(),
            "seen": self.seen,
            "made_at": self.made_at.astimezone(UTC).isoformat(),
        }
        return sha256(dumps(act, sort_keys=True, ensure_ascii=True).encode()).digest()

    def _told(self) -> dict[str, Any]:
        """The body as far as it may be remembered.

        A hash can be tried out: which of the outcomes ended a first talk must not be found that
        way, so they are all the same to it (domain REG-1).
        """
        if self.kind == "talk" and self.body.get("outcome") in (OVER, *ENDS_IT):
            return {**self.body, "outcome": OVER}
        return self.body


@dataclass(frozen=True, slots=True)
class Act:
    """An operation on its way: who did it, what they stood for then, which day it is here."""

    scope: Scope
    then: StandingThen
    sent: Sent
    today: date


def _visit(act: Act) -> dict[str, Any]:
    body = _only(act, "member", "happened_on", "kind", "outcome", "way", "topics", "next_step",
                 "next_on", "note", "wish")  # fmt: skip
    draft = VisitDraft(
        _id(body, "member"),
        _day(body, "happened_on"),
        outcome=_text(body, "outcome"),
        way=_text(body, "way"),
        kind=_text(body, "kind") or "contact",
        topics=tuple(_texts(body, "topics")),
        next_step=_text(body, "next_step"),
        next_on=_day(body, "next_on") if body.get("next_on") else None,
        note=_text(body, "note"),
    )
    seen = seen_then(act.scope, act.then)
    known = _has_visit(act.scope, act.sent.id)
    visit_id = record_visit(
        act.scope,
        draft,
        act.today,
        source="tablet",
        visit_id=act.sent.id,
        operation_id=act.sent.id,
        seen=seen,
    )
    facts: dict[str, Any] = {"visit": str(visit_id), "member": str(draft.member_id)}
    if draft.happened_on > act.today:
        facts["dated_ahead"] = True
    wish = _text(body, "wish")
    if wish and not known:  # a visit outlives the answer to its operation; its wish came with it
        on = min(draft.happened_on, act.today)
        request_id = open_request(
            act.scope, draft.member_id, wish, on, visit_id=visit_id, seen=seen
        )
        facts["request"] = str(request_id)
    return facts


def _withdraw_visit(act: Act) -> dict[str, Any]:
    body = _only(act, "visit")
    visit_id = _id(body, "visit")
    if not _has_visit(act.scope, visit_id):
        if act.sent.made_at.date() < act.today - PATIENCE:
            raise NotFound
        raise NotYet(N_("要撤销的走访还没有送到，稍后再送一次。"))
    member_id = withdraw_visit(
        act.scope,
        visit_id,
        act.today,
        at=act.sent.made_at,
        seen=seen_then(act.scope, act.then),
    )
    return {"visit": str(visit_id), "member": str(member_id)}


def _has_visit(scope: Scope, visit_id: UUID) -> bool:
    found = select(Visit.id).where(Visit.tenant_id == scope.tenant_id, Visit.id == visit_id)
    return db.session.execute(found).scalar_one_or_none() is not None


def _member_edit(act: Act) -> dict[str, Any]:
    body = _only(act, "member", "changes")
    changes = body.get("changes")
    if act.sent.seen is None or not isinstance(changes, dict):
        raise InvalidInput("缺少改的内容，或当时看到的版本。")
    member_id = _id(body, "member")
    try:
        version = edit_member(
            act.scope, member_id, act.sent.seen, changes, seen=seen_then(act.scope, act.then)
        )
    except Changed as changed:
        # Who was in charge then and is no more is not told what stands there today.
        if not names_of(act.scope, [member_id]):
            changed.facts["now"] = {}
        raise
    return {"member": str(member_id), "version": version}


def _request(act: Act) -> dict[str, Any]:
    body = _only(act, "member", "wish")
    member_id = _id(body, "member")
    request_id = open_request(
        act.scope,
        member_id,
        _text(body, "wish"),
        min(act.sent.made_at.date(), act.today),
        request_id=act.sent.id,
        seen=seen_then(act.scope, act.then),
    )
    return {"request": str(request_id), "member": str(member_id)}


def _talk(act: Act) -> dict[str, Any]:
    """A first talk: what was said at an address. That it is over is all that is answered of it.

    An address that somebody else has closed meanwhile is a conflict, not a missing person.
    """
    body = _only(act, "talk", "happened_on", "outcome", "next_on")
    day = min(_day(body, "happened_on"), act.today)
    wanted = _day(body, "next_on") if body.get("next_on") else None
    try:
        next_ = keep_outcome(
            act.scope,
            _id(body, "talk"),
            FIRST_SAID.get(_text(body, "outcome"), _text(body, "outcome")),
            day,
            wanted,
            mine=calls_then(act.scope, act.then),
        )
    except NotFound as error:
        raise Conflict("这个地址已经不在您的首谈清单上，不用再记。") from error
    return {"over": next_.over}


Apply = Callable[[Act], dict[str, Any]]
APPLY: Final[dict[str, Apply]] = {
    "visit": _visit,
    "withdraw_visit": _withdraw_visit,
    "member_edit": _member_edit,
    "request": _request,
    "talk": _talk,
}
"""Kind of operation -> what it does; answers ids of what came of it."""


def _only(act: Act, *fields: str) -> dict[str, Any]:
    if set(act.sent.body) - set(fields):
        raise InvalidInput("内容里有系统不认识的项，没有记下。")
    return act.sent.body


def _id(body: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(body[name]))
    except (KeyError, ValueError) as error:
        raise InvalidInput("缺少编号，或编号不对。") from error


def _day(body: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(body[name]))
    except (KeyError, ValueError) as error:
        raise InvalidInput("请填完整的日期。") from error


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name) or ""
    if not isinstance(value, str):
        raise InvalidInput("请从列出的选项里选。")
    return value


def _texts(body: dict[str, Any], name: str) -> list[str]:
    values = body.get(name) or []
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise InvalidInput("请从列出的选项里选。")
    return values
