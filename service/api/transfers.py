"""The register of transfer letters, for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

from service.api.blueprint import Noun, Sent
from service.api.paging import page
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note, note_people
from tenants.errors import InvalidInput
from tenants.transfers import actions
from tenants.transfers.lookups import PAGE, SHOWN, LetterLine, letter, letters
from tenants.transfers.rules import NEAR_DAYS, STATES

transfers = Noun(
    "transfers",
    __name__,
    title="组织关系介绍信",
    description="开出的介绍信和它们的存根。过期由日期推算，不另存；过期以后怎么办由人决定。",
)


class Letter(Schema):
    """One letter's stub."""

    id = fields.UUID(metadata={"description": "编号，系统内部用。"})
    member_id = fields.UUID(metadata={"description": "党员的编号。"})
    name = fields.String(metadata={"description": "姓名。"})
    number = fields.String(metadata={"description": "介绍信上的编号，一个只用一次。"})
    destination = fields.String(metadata={"description": "去往哪里，到区县。"})
    receiver = fields.String(metadata={"description": "接收的党组织。"})
    state = fields.String(
        validate=validate.OneOf(STATES),
        metadata={"description": "issued、presented、lost、closed、voided 或 withdrawn。"},
    )
    issued_on = fields.Date(metadata={"description": "开具日期。"})
    valid_to = fields.Date(metadata={"description": "有效的最后一天。"})
    lapsed = fields.Boolean(metadata={"description": "今天已过期而没有出示。"})
    presented_on = fields.Date(allow_none=True, metadata={"description": "出示日期。"})
    lost_on = fields.Date(allow_none=True, metadata={"description": "报告遗失的日期。"})
    ended_on = fields.Date(
        allow_none=True, metadata={"description": "回执收到、作废或交回的日期。"}
    )
    replaces = fields.UUID(allow_none=True, metadata={"description": "补开代替的那一封。"})
    replaced_by = fields.UUID(allow_none=True, metadata={"description": "补开的那一封。"})


class LetterPage(Schema):
    """Letters, whoever lapses first on top."""

    items = fields.List(fields.Nested(Letter))
    next = fields.UUID(allow_none=True, metadata={"description": "下一页从哪一封之后开始。"})


class WantedLetters(Schema):
    """Which letters."""

    show = fields.String(
        load_default="open",
        validate=validate.OneOf(SHOWN),
        metadata={"description": "open、near、lapsed 或 all。"},
    )
    within = fields.Integer(
        load_default=NEAR_DAYS,
        validate=validate.Range(0, 366),
        metadata={"description": "几天之内到期算 near。"},
    )
    words = fields.String(load_default="", metadata={"description": "姓名或编号的一部分。"})
    after = fields.UUID(load_default=None, metadata={"description": "上一页的 next。"})
    limit = fields.Integer(
        load_default=PAGE, validate=validate.Range(1, 200), metadata={"description": "最多几封。"}
    )


class NewLetter(Sent):
    """A letter to be entered."""

    member = fields.UUID(load_default=None, metadata={"description": "党员的编号。"})
    number = fields.String(load_default="", metadata={"description": "介绍信上的编号。"})
    destination = fields.String(load_default="", metadata={"description": "去往哪里，到区县。"})
    receiver = fields.String(load_default="", metadata={"description": "接收的党组织。"})
    issued_on = fields.Date(load_default=None, metadata={"description": "开具日期，不写是今天。"})
    valid_to = fields.Date(
        load_default=None, metadata={"description": "有效期到；不写就按规则包算。"}
    )


class LetterStep(Sent):
    """What became of a letter."""

    act = fields.String(
        load_default="",
        metadata={"description": "present、close、lose、withdraw、replace 或 undo。"},
    )
    on = fields.Date(load_default=None, metadata={"description": "哪一天，不写是今天。"})
    number = fields.String(load_default="", metadata={"description": "replace：新的编号。"})
    valid_to = fields.Date(load_default=None, metadata={"description": "replace：新的有效期。"})


@transfers.route("/transfers")
@needs("see_members")
@transfers.arguments(WantedLetters, location="query")
@transfers.response(200, LetterPage)
@transfers.alt_response(422, "UNPROCESSABLE_ENTITY")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """介绍信登记簿"""
    limit = wanted.pop("limit")
    found = letters(g.scope, date.today(), **wanted, limit=limit + 1)
    with saving():
        note_people(g.scope, "read_members", sorted({each.member_id for each in found[:limit]}))
    cut = page(found, limit)
    return {"items": [_shown(each) for each in cut["items"]], "next": cut["next"]}


@transfers.route("/transfers", methods=["POST"])
@needs("manage_transfers")
@transfers.arguments(NewLetter)
@transfers.response(201, Letter)
@transfers.alt_response(404, "NOT_FOUND")
@transfers.alt_response(409, "CONFLICT")
@transfers.alt_response(422, "UNPROCESSABLE_ENTITY")
def issue(wanted: dict[str, Any]) -> dict[str, Any]:
    """登记开出一封介绍信"""
    today = date.today()
    draft = actions.LetterDraft(
        wanted["member"] or UUID(int=0),
        wanted["number"],
        wanted["destination"],
        wanted["receiver"],
        wanted["issued_on"] or today,
        wanted["valid_to"],
    )
    with saving():
        letter_id = actions.issue(g.scope, draft, today)
    return _shown(letter(g.scope, letter_id))


@transfers.route("/transfers/<uuid:letter_id>")
@needs("see_members")
@transfers.response(200, Letter)
@transfers.alt_response(404, "NOT_FOUND")
def show(letter_id: UUID) -> dict[str, Any]:
    """一封介绍信"""
    found = letter(g.scope, letter_id)
    with saving():
        note(g.scope, "read_member", "member", found.member_id)
    return _shown(found)


@transfers.route("/transfers/<uuid:letter_id>/step", methods=["POST"])
@needs("manage_transfers")
@transfers.arguments(LetterStep)
@transfers.response(200, LetterPage)
@transfers.alt_response(404, "NOT_FOUND")
@transfers.alt_response(409, "CONFLICT")
@transfers.alt_response(422, "UNPROCESSABLE_ENTITY")
def step(wanted: dict[str, Any], letter_id: UUID) -> dict[str, Any]:
    """登记一步：出示、回执、遗失、撤回、作废补开，或撤销上一步

    答复是这一步以后相关的那一封；撤销开具以后没有。
    """
    letter(g.scope, letter_id)
    today = date.today()
    on, act = wanted["on"] or today, wanted["act"]
    leads_to: UUID | None = letter_id
    with saving():
        if act == "undo":
            leads_to = actions.undo(g.scope, letter_id)
        elif act == "replace":
            leads_to = actions.replace(
                g.scope, letter_id, wanted["number"], on, wanted["valid_to"], today
            )
        elif act:
            actions.step(g.scope, letter_id, act, on, today)
        else:
            raise InvalidInput("请选要登记哪一步。")
    return {"items": [_shown(letter(g.scope, leads_to))] if leads_to else [], "next": None}


def _shown(line: LetterLine) -> dict[str, Any]:
    stub = line.stub
    return {
        **{name: getattr(line, name) for name in ("id", "member_id", "name", "number")},
        **{name: getattr(line, name) for name in ("destination", "receiver", "state")},
        **{name: getattr(stub, name) for name in ("issued_on", "valid_to", "presented_on")},
        **{name: getattr(stub, name) for name in ("lost_on", "ended_on")},
        "lapsed": stub.has_lapsed(date.today()),
        "replaces": line.replaces and line.replaces[0],
        "replaced_by": line.replaced_by and line.replaced_by[0],
    }
