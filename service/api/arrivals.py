"""People who came: registered, proposed a branch, decided about."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from service.api.arriving import Arriving, refuse_elsewhere
from service.api.blueprint import Noun, Sent
from service.api.paging import page
from service.api.schemas import Change, Paging
from service.rights import needs
from service.saving import saving
from tenants.arrivals import lookups
from tenants.arrivals.actions import ArrivalDraft, register_arrival
from tenants.arrivals.rules import STATES
from tenants.audit.actions import note, note_people
from tenants.errors import Conflict
from tenants.matching import actions
from tenants.matching.cases import case
from tenants.organisations.lookups import boundary_shape

arrivals = Noun("arrivals", __name__, title="流入党员", description="登记、匹配、决定。")


class Wanted(Paging):
    """Which cases."""

    state = fields.String(
        validate=OneOf(STATES, error=_l("没有这个状态。")),
        metadata={"description": "状态。"},
    )
    words = fields.String(
        load_default="",
        validate=Length(max=60, error=_l("最多 {max} 个字。")),
        metadata={"description": "姓名的一部分。"},
    )


class ArrivalLine(Schema):
    """A case in a list."""

    id = fields.UUID(metadata={"description": "编号。"})
    member = fields.UUID(attribute="member_id", metadata={"description": "党员的编号。"})
    name = fields.String(metadata={"description": "姓名。"})
    state = fields.String(metadata={"description": "状态。"})
    state_since = fields.AwareDateTime(metadata={"description": "从什么时候起。"})
    unserved_reason = fields.String(metadata={"description": "没有支部接收的原因。"})
    arrived_on = fields.Date(allow_none=True, metadata={"description": "哪天来的。"})
    registered_at = fields.AwareDateTime(metadata={"description": "什么时候登记的。"})
    branch = fields.UUID(
        attribute="branch_id", allow_none=True, metadata={"description": "已编入的支部。"}
    )
    version = fields.Integer(metadata={"description": "第几个版本。"})


class Arrivals(Schema):
    """One page of cases, newest first."""

    items = fields.List(fields.Nested(ArrivalLine))
    next = fields.UUID(allow_none=True, metadata={"description": "下一页的 after。"})


class Nearer(Schema):
    """A nearer branch, and why it was not proposed."""

    branch = fields.UUID(metadata={"description": "支部的编号。"})
    metres = fields.Float(metadata={"description": "距离，米。"})
    reason = fields.String(
        metadata={"description": "no_seat、not_allowed、closed 或 asked_for_another。"}
    )


class Proposal(Schema):
    """A branch proposed by the machine, until a person decides."""

    id = fields.UUID(metadata={"description": "编号。"})
    branch = fields.UUID(attribute="branch_id", metadata={"description": "支部的编号。"})
    metres = fields.Float(metadata={"description": "距离，米，椭球面上。"})
    place = fields.String(metadata={"description": "按哪里算的：home 或 work。"})
    nearer = fields.List(fields.Nested(Nearer), metadata={"description": "更近而没有选的支部。"})
    made_at = fields.AwareDateTime(metadata={"description": "什么时候提出的。"})


class Arrival(ArrivalLine):
    """A case with its open proposal."""

    proposal = fields.Nested(Proposal, allow_none=True)


class Redirected(Sent):
    """The branch that a person chose instead."""

    branch = fields.UUID(required=True, metadata={"description": "支部的编号。"})


@arrivals.route("/arrivals")
@needs("see_arrivals")
@arrivals.arguments(Wanted, location="query")
@arrivals.response(200, Arrivals)
@arrivals.alt_response(422, "UNPROCESSABLE_ENTITY")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """流入党员的一页，最新的在前"""
    limit = wanted["limit"]
    found = lookups.arrivals(
        g.scope,
        state=wanted.get("state", ""),
        words=wanted["words"],
        after=wanted.get("after"),
        limit=limit + 1,
    )
    answer = page(found, limit)
    with saving():
        note_people(g.scope, "read_members", (line.member_id for line in answer["items"]))
    return answer


@arrivals.route("/arrivals", methods=["POST"])
@needs("register_arrivals")
@arrivals.arguments(Arriving)
@arrivals.response(201, Change)
@arrivals.alt_response(422, "UNPROCESSABLE_ENTITY")
def register(draft: ArrivalDraft) -> tuple[dict[str, Any], int, dict[str, str]]:
    """登记一位流入党员

    随即在后台寻找最近的、有名额的支部；几秒钟后再取这一条，就有建议。
    """
    refuse_elsewhere(draft.member, boundary_shape(g.scope))
    with saving():
        arrival_id = register_arrival(g.scope, draft)
    where = url_for("api_arrivals.show", tenant=g.scope.slug, arrival_id=arrival_id)
    return {"id": arrival_id, "state": "signalled"}, 201, {"Location": where}


@arrivals.route("/arrivals/<uuid:arrival_id>")
@needs("see_arrivals")
@arrivals.response(200, Arrival)
@arrivals.alt_response(404, "NOT_FOUND")
def show(arrival_id: UUID) -> dict[str, Any]:
    """一位流入党员和给他的建议"""
    found = case(g.scope, arrival_id)
    with saving():
        note(g.scope, "read_member", "member", found.line.member_id)
    line = {name: getattr(found.line, name) for name in found.line.__slots__}
    return {**line, "proposal": found.proposal}


@arrivals.route("/arrivals/<uuid:arrival_id>/accept", methods=["POST"])
@needs("decide_arrivals")
@arrivals.response(200, Change)
@arrivals.alt_response(404, "NOT_FOUND")
@arrivals.alt_response(409, "CONFLICT")
def accept(arrival_id: UUID) -> dict[str, Any]:
    """接受建议，编入支部"""
    proposal_id = _open_proposal(arrival_id)
    with saving():
        actions.accept(g.scope, proposal_id)
    return _now(arrival_id)


@arrivals.route("/arrivals/<uuid:arrival_id>/redirect", methods=["POST"])
@needs("decide_arrivals")
@arrivals.arguments(Redirected)
@arrivals.response(200, Change)
@arrivals.alt_response(404, "NOT_FOUND")
@arrivals.alt_response(409, "CONFLICT")
@arrivals.alt_response(422, "UNPROCESSABLE_ENTITY")
def redirect(chosen: dict[str, UUID], arrival_id: UUID) -> dict[str, Any]:
    """改编入另一个支部"""
    with saving():
        actions.redirect(g.scope, arrival_id, chosen["branch"])
    return _now(arrival_id)


@arrivals.route("/arrivals/<uuid:arrival_id>/another", methods=["POST"])
@needs("decide_arrivals")
@arrivals.response(200, Change)
@arrivals.alt_response(404, "NOT_FOUND")
@arrivals.alt_response(409, "CONFLICT")
def another(arrival_id: UUID) -> dict[str, Any]:
    """换一个支部，不问原因；这个支部不再建议"""
    proposal_id = _open_proposal(arrival_id)
    with saving():
        actions.ask_for_another(g.scope, proposal_id)
    return _now(arrival_id)


@arrivals.route("/arrivals/<uuid:arrival_id>/undo", methods=["POST"])
@needs("decide_arrivals")
@arrivals.response(200, Change)
@arrivals.alt_response(404, "NOT_FOUND")
@arrivals.alt_response(409, "CONFLICT")
def undo(arrival_id: UUID) -> dict[str, Any]:
    """撤销编入，建议重新等待决定"""
    with saving():
        actions.undo_placement(g.scope, arrival_id)
    return _now(arrival_id)


def _open_proposal(arrival_id: UUID) -> UUID:
    proposal = case(g.scope, arrival_id).proposal
    if proposal is None:
        raise Conflict(_("现在没有等待决定的建议。"))
    return proposal.id


def _now(arrival_id: UUID) -> dict[str, Any]:
    return {"id": arrival_id, "state": lookups.arrival(g.scope, arrival_id).state}
