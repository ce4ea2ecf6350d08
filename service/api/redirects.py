"""Redirects: an arrival on the way to a neighbouring community, one leg on each side."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun, Sent
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note, note_people
from tenants.errors import InvalidInput
from tenants.redirects import actions
from tenants.redirects.lookups import leg, legs

redirects = Noun(
    "redirects", __name__, title="转接", description="流入党员转到邻近社区，双方各办各的一半。"
)


class RedirectLeg(Schema):
    """One side's leg."""

    id = fields.UUID(metadata={"description": "编号，双方相同。"})
    side = fields.String(metadata={"description": "from 转出方、to 接收方或 county 县里。"})
    state = fields.String(metadata={"description": "进展。"})
    round = fields.Integer(metadata={"description": "第几次提出。"})
    other = fields.String(metadata={"description": "对方社区的名称。"})
    branch_id = fields.UUID(metadata={"description": "拟编入的支部。"})
    branch = fields.String(metadata={"description": "拟编入的支部的名称。"})
    metres = fields.Float(allow_none=True, metadata={"description": "直线距离。"})
    reason = fields.String(metadata={"description": "转出的原因。"})
    answer = fields.String(metadata={"description": "对方的答复。"})
    name = fields.String(metadata={"description": "姓名，只有转出方看得到。"})
    member_id = fields.UUID(allow_none=True, metadata={"description": "本机构名册里的编号。"})
    arrival_id = fields.UUID(allow_none=True, metadata={"description": "本机构的流入编号。"})
    opened_at = fields.DateTime(metadata={"description": "何时提出。"})
    state_since = fields.DateTime(metadata={"description": "何时到了这一步。"})


class RedirectPage(Schema):
    """Open legs, who waits longest first."""

    items = fields.List(fields.Nested(RedirectLeg))


class ProposedRedirect(Sent):
    """Where somebody is to go, and why."""

    branch = fields.UUID(metadata={"description": "本县另一个社区的支部。"})
    reason = fields.String(load_default="", metadata={"description": "原因。"})


class RedirectDecision(Sent):
    """What a side decides."""

    act = fields.String(
        load_default="",
        metadata={
            "description": "accept、ask_correction、pass_on、escalate、propose_again、"
            "release 或 withdraw。"
        },
    )
    branch = fields.UUID(metadata={"description": "accept：自己的支部；pass_on：别处的支部。"})
    answer = fields.String(load_default="", metadata={"description": "请求更正或转请的原因。"})


class SettledRedirect(Sent):
    """Where the county sends somebody."""

    branch = fields.UUID(metadata={"description": "本县一个社区的支部。"})


@redirects.route("/redirects")
@needs("see_redirects")
@redirects.response(200, RedirectPage)
def index() -> dict[str, Any]:
    """还没有办完的转接"""
    found = [
        each for side in ("from", "to", "county") for each in legs(g.scope, side, still_open=True)
    ]
    with saving():
        note_people(
            g.scope,
            "read_members",
            sorted({each.member_id for each in found if each.name and each.member_id}),
        )
    return {"items": found}


@redirects.route("/redirects/<uuid:redirect_id>")
@needs("see_redirects")
@redirects.response(200, RedirectLeg)
@redirects.alt_response(404, "NOT_FOUND")
def show(redirect_id: UUID) -> Any:
    """一件转接"""
    found = leg(g.scope, redirect_id)
    if found.name and found.member_id:
        with saving():
            note(g.scope, "read_member", "member", found.member_id)
    return found


@redirects.route("/arrivals/<uuid:arrival_id>/redirect", methods=["POST"])
@needs("redirect_arrivals")
@redirects.arguments(ProposedRedirect)
@redirects.response(201, RedirectLeg)
@redirects.alt_response(404, "NOT_FOUND")
@redirects.alt_response(409, "CONFLICT")
@redirects.alt_response(422, "UNPROCESSABLE_ENTITY")
def propose(wanted: dict[str, Any], arrival_id: UUID) -> Any:
    """提出把一位流入党员转到邻近社区

    对方接收、我方同意转出之前，对方看不到是谁。
    """
    with saving():
        branch_id = wanted.get("branch") or UUID(int=0)
        redirect_id = actions.propose(g.scope, arrival_id, branch_id, wanted["reason"])
    return leg(g.scope, redirect_id)


@redirects.route("/redirects/<uuid:redirect_id>/decide", methods=["POST"])
@needs("redirect_arrivals")
@redirects.arguments(RedirectDecision)
@redirects.response(200, RedirectLeg)
@redirects.alt_response(404, "NOT_FOUND")
@redirects.alt_response(409, "CONFLICT")
@redirects.alt_response(422, "UNPROCESSABLE_ENTITY")
def decide(wanted: dict[str, Any], redirect_id: UUID) -> Any:
    """办自己这一半：接收、请求更正、转请、上报、重新提出、同意转出或撤回"""
    leg(g.scope, redirect_id)
    branch_id, answer = wanted.get("branch"), wanted["answer"]
    known: dict[str, Callable[[], None]] = {
        "accept": lambda: actions.accept(g.scope, redirect_id, branch_id),
        "ask_correction": lambda: actions.ask_correction(g.scope, redirect_id, answer),
        "pass_on": lambda: actions.pass_on(g.scope, redirect_id, branch_id or UUID(int=0), answer),
        "escalate": lambda: actions.escalate(g.scope, redirect_id, answer),
        "propose_again": lambda: actions.propose_again(g.scope, redirect_id, branch_id),
        "release": lambda: actions.release(g.scope, redirect_id),
        "withdraw": lambda: actions.withdraw(g.scope, redirect_id),
    }
    if wanted["act"] not in known:
        raise InvalidInput("请说明要办哪一步。")
    with saving():
        known[wanted["act"]]()
    return leg(g.scope, redirect_id)


@redirects.route("/redirects/<uuid:redirect_id>/settle", methods=["POST"])
@needs("settle_redirects")
@redirects.arguments(SettledRedirect)
@redirects.response(200, RedirectLeg)
@redirects.alt_response(404, "NOT_FOUND")
@redirects.alt_response(409, "CONFLICT")
@redirects.alt_response(422, "UNPROCESSABLE_ENTITY")
def settle(wanted: dict[str, Any], redirect_id: UUID) -> Any:
    """县里定下由哪个社区接收"""
    with saving():
        actions.settle(g.scope, redirect_id, wanted.get("branch") or UUID(int=0))
    return leg(g.scope, redirect_id)
