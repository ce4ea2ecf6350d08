"""What match runs suggest next door, and what a person says to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note_people
from tenants.redirects.suggestions import actions
from tenants.redirects.suggestions.lookups import Suggestion, suggestion, suggestions

redirect_suggestions = Noun(
    "redirect_suggestions",
    __name__,
    title="转接建议",
    description="匹配时发现邻近社区的支部更合适。只是建议，由人决定要不要提出。",
)


class SuggestedRedirect(Schema):
    """A branch next door for one arrival."""

    id = fields.UUID(metadata={"description": "建议的编号。"})
    arrival_id = fields.UUID(metadata={"description": "流入编号。"})
    name = fields.String(metadata={"description": "姓名；单独取一条时不给。"})
    branch_id = fields.UUID(metadata={"description": "邻近社区的支部。"})
    branch = fields.String(metadata={"description": "支部的名称。"})
    keeper = fields.String(metadata={"description": "支部所在的社区。"})
    metres = fields.Float(metadata={"description": "直线距离。"})
    place = fields.String(metadata={"description": "home 或 work：从哪里量。"})
    here_metres = fields.Float(
        allow_none=True, metadata={"description": "本社区建议的支部有多远；没有建议时是 null。"}
    )
    free = fields.Integer(
        allow_none=True, metadata={"description": "匹配时还有几个名额；不限时是 null。"}
    )
    reason = fields.String(
        metadata={"description": "nearer、no_seat、not_allowed 或 out_of_reach。"}
    )
    decision = fields.String(metadata={"description": "open、taken、declined 或 withdrawn。"})
    made_at = fields.AwareDateTime(metadata={"description": "何时建议的。"})


class SuggestedRedirects(Schema):
    """Open suggestions, the oldest first."""

    items = fields.List(fields.Nested(SuggestedRedirect))


class TakenSuggestion(Schema):
    """The redirect that was proposed."""

    redirect_id = fields.UUID(metadata={"description": "转接的编号。"})


@redirect_suggestions.route("/redirects/suggestions")
@needs("see_redirects")
@redirect_suggestions.response(200, SuggestedRedirects)
def index() -> dict[str, list[Suggestion]]:
    """等人决定的转接建议"""
    found = suggestions(g.scope)
    with saving():
        note_people(g.scope, "read_members", sorted({each.member_id for each in found}))
    return {"items": found}


@redirect_suggestions.route("/redirects/suggestions/<uuid:suggestion_id>/take", methods=["POST"])
@needs("redirect_arrivals")
@redirect_suggestions.response(201, TakenSuggestion)
@redirect_suggestions.alt_response(404, "NOT_FOUND")
@redirect_suggestions.alt_response(409, "CONFLICT")
@redirect_suggestions.alt_response(422, "UNPROCESSABLE_ENTITY")
def take(suggestion_id: UUID) -> dict[str, UUID]:
    """按建议向邻近社区提出"""
    with saving():
        return {"redirect_id": actions.take(g.scope, suggestion_id)}


@redirect_suggestions.route("/redirects/suggestions/<uuid:suggestion_id>/decline", methods=["POST"])
@needs("redirect_arrivals")
@redirect_suggestions.response(200, SuggestedRedirect)
@redirect_suggestions.alt_response(404, "NOT_FOUND")
@redirect_suggestions.alt_response(409, "CONFLICT")
def decline(suggestion_id: UUID) -> Suggestion:
    """留在本社区；这个支部不会再建议给这位同志"""
    return _said(suggestion_id, actions.decline)


@redirect_suggestions.route(
    "/redirects/suggestions/<uuid:suggestion_id>/think-again", methods=["POST"]
)
@needs("redirect_arrivals")
@redirect_suggestions.response(200, SuggestedRedirect)
@redirect_suggestions.alt_response(404, "NOT_FOUND")
@redirect_suggestions.alt_response(409, "CONFLICT")
def think_again(suggestion_id: UUID) -> Suggestion:
    """撤销“留在本社区”"""
    return _said(suggestion_id, actions.think_again)


def _said(suggestion_id: UUID, act: Callable[..., Any]) -> Suggestion:
    with saving():
        act(g.scope, suggestion_id)
    return suggestion(g.scope, suggestion_id)
