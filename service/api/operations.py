"""What tablets send back: a batch of operations, each applied once (design, section 5)."""

from datetime import UTC, datetime
from json import dumps
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length
from sqlalchemy.exc import OperationalError

from service.api.blueprint import Noun, Sent
from service.rights import also_formerly, needs
from service.saving import saving
from service.sentences import translated
from tenants.errors import Conflict
from tenants.marking import N_
from tenants.visits import operations as taken
from tenants.visits.devices import meet_device, note_sync
from tenants.visits.kinds import NotYet
from tenants.visits.kinds import Sent as SentOperation
from tenants.visits.offline import what_is_led

operations = Noun(
    "operations", __name__, title="平板", description="离线登记的内容送回来，每条只记一次。"
)

MOST = 200
"""Operations in one batch."""


class OneSent(Sent):
    """One operation. Read leniently: a fault in one is that one's answer, not the batch's."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=Length(1, 20))
    made_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    body = fields.Dict(keys=fields.String(), required=True)
    seen = fields.Integer(load_default=None, allow_none=True, strict=True)
    sequence = fields.Integer(load_default=None, allow_none=True, strict=True)


class Batch(Sent):
    """A device and what it did, in any order."""

    device = fields.UUID(
        required=True, metadata={"description": "平板自己生成的编号，每台、每人一个。"}
    )
    operations = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        validate=Length(max=MOST, error=_l("一次最多送 {max} 条。")),
        metadata={
            "description": "每条有 id、kind（visit、withdraw_visit、member_edit、request、talk）、"
            "made_at（带时区）、body，可有 seen（改资料时看到的版本）和 sequence（平板上的顺序）。"
        },
    )


class Answer(Schema):
    """What became of one operation."""

    id = fields.String(metadata={"description": "操作的编号，与送来的相同。"})
    status = fields.String(
        metadata={
            "description": "applied 已记下、already 以前已记下、refused 不能记、conflict 资料已变、"
            "different_body 编号重复而内容不同、retry 稍后再送。"
        }
    )
    code = fields.String(metadata={"description": "给程序看的代码。"})
    sentence = fields.String(metadata={"description": "给人看的一句话；记下了的为空。"})
    facts = fields.Dict(metadata={"description": "新记录的编号；冲突时是两边的内容。"})
    repeated = fields.Boolean(metadata={"description": "以前送来过，这是当时的回答。"})


class Lead(Schema):
    """What the person leads today."""

    role = fields.String(metadata={"description": "角色。"})
    cell_ids = fields.List(fields.UUID(), metadata={"description": "今天负责的网格。"})
    branch_id = fields.UUID(allow_none=True, metadata={"description": "所在支部。"})
    version = fields.String(
        metadata={"description": "与平板上的不同时，要重新下载，并删除不再负责的内容。"}
    )


class Answers(Schema):
    """One answer for each operation, in the order they were sent."""

    answers = fields.List(fields.Nested(Answer))
    lead = fields.Nested(Lead)


@operations.route("/operations", methods=["POST"])
@also_formerly
@needs("record_visits")
@operations.arguments(Batch)
@operations.response(200, Answers)
@operations.alt_response(409, "CONFLICT")
@operations.alt_response(410, "GONE")
@operations.alt_response(422, "UNPROCESSABLE_ENTITY")
def deliver(batch: dict[str, Any]) -> dict[str, Any]:
    """送来一批离线登记的内容

    每条自成一体：一条不能记，不影响其他；同一编号送来多少次都只记一次，回答不变，保留 90 天。
    """
    device_id: UUID = batch["device"]
    with saving():
        meet_device(g.scope, device_id)
    now = datetime.now(UTC)
    read = [_read(each) for each in batch["operations"]]
    answers: dict[UUID, dict[str, Any]] = {}
    for sent in taken.in_order([each for each in read if isinstance(each, SentOperation)]):
        answers[sent.id] = _one(device_id, sent, now)
    with saving():
        note_sync(g.scope, device_id)
        lead = what_is_led(g.scope)
    told = [answers[each.id] if isinstance(each, SentOperation) else each for each in read]
    return {"answers": told, "lead": lead}


def _read(each: dict[str, Any]) -> SentOperation | dict[str, Any]:
    try:
        dumps(each, ensure_ascii=False).encode()
        return SentOperation(**OneSent().load(each))
    except (ValidationError, UnicodeEncodeError):
        return {
            "id": str(each.get("id", "")).encode(errors="replace").decode(),
            "status": "refused",
            "code": "invalid_input",
            "sentence": _("这一条的格式不对，没有记下。"),
            "facts": {},
            "repeated": False,
        }


def _one(device_id: UUID, sent: SentOperation, now: datetime) -> dict[str, Any]:
    """One operation in a transaction of its own; whatever keeps it from ending is a `retry`."""
    try:
        with saving():
            answer = taken.take(g.scope, device_id, sent, now)
    except NotYet as later:
        answer = taken.Answer(sent.id, "retry", later.code, later.msgid)
    except (OperationalError, Conflict):
        # The database went away, or two deliveries met: nothing was kept, and nothing is lost.
        answer = taken.Answer(
            sent.id, "retry", "try_again", N_("这一条还没有记下，稍后会自动再送。")
        )
    return told(answer)


def told(answer: taken.Answer) -> dict[str, Any]:
    """An answer in the reader's language."""
    sentence = translated(answer.msgid)
    return {
        "id": str(answer.id),
        "status": answer.status,
        "code": answer.code,
        "sentence": sentence % answer.facts if "%(" in sentence else sentence,
        "facts": answer.facts,
        "repeated": answer.repeated,
    }
