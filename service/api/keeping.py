"""Keeping the register: entering a member, taking somebody out of it, bringing them back."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from marshmallow import Schema, fields

from service.api.arriving import refuse_elsewhere
from service.api.blueprint import Noun
from service.api.entering import Entering, Leaving
from service.rights import needs
from service.saving import saving
from tenants.errors import Conflict
from tenants.members.actions import MemberDraft
from tenants.members.keeping import actions
from tenants.members.lookups import known_people, member_card
from tenants.organisations.lookups import boundary_shape

keeping = Noun("keeping", __name__, title="名册的登记", description="登记党员，移出名册和放回。")


class InRegister(Schema):
    """The member as the register has them now."""

    id = fields.UUID(metadata={"description": "编号。"})
    in_register = fields.Boolean(metadata={"description": "现在是否在名册里。"})
    branch = fields.UUID(allow_none=True, metadata={"description": "所在支部的编号。"})


@keeping.route("/members", methods=["POST"])
@needs("keep_register")
@keeping.arguments(Entering)
@keeping.response(201, InRegister)
@keeping.alt_response(409, "CONFLICT")
@keeping.alt_response(422, "UNPROCESSABLE_ENTITY")
def enter(draft: MemberDraft) -> tuple[dict[str, Any], int, dict[str, str]]:
    """登记一位党员

    组织关系在这里的，或者在单位、到这里双报到的。从别处来的请用 arrivals。
    """
    refuse_elsewhere(draft, boundary_shape(g.scope))
    if known_people(g.scope, [(draft.name, draft.phone, draft.born_on, draft.born_precision)]) == [
        True
    ]:
        raise Conflict("名册里已经有这个人，请先查找，确认是不是同一个人。")
    with saving():
        member_id = actions.enter_by_hand(g.scope, draft)
    where = url_for("api_members.show", tenant=g.scope.slug, member_id=member_id)
    return {"id": member_id, "in_register": True, "branch": None}, 201, {"Location": where}


@keeping.route("/members/<uuid:member_id>/out", methods=["POST"])
@needs("keep_register")
@keeping.arguments(Leaving)
@keeping.response(200, InRegister)
@keeping.alt_response(404, "NOT_FOUND")
@keeping.alt_response(409, "CONFLICT")
@keeping.alt_response(422, "UNPROCESSABLE_ENTITY")
def out(said: dict[str, Any], member_id: UUID) -> dict[str, Any]:
    """移出名册

    什么也不删除：以前的数字和记录不变，可以放回。支部的名额空出来。
    """
    with saving():
        actions.take_out(g.scope, member_id, said["version"], said["reason"], said["on"])
    return {"id": member_id, "in_register": False, "branch": None}


@keeping.route("/members/<uuid:member_id>/back", methods=["POST"])
@needs("keep_register")
@keeping.response(200, InRegister)
@keeping.alt_response(404, "NOT_FOUND")
def back(member_id: UUID) -> dict[str, Any]:
    """放回名册

    原来的支部已经满员时，回来以后不在任何支部。
    """
    with saving():
        actions.bring_back(g.scope, member_id)
    branch = member_card(g.scope, member_id).branch_id
    return {"id": member_id, "in_register": True, "branch": branch}
