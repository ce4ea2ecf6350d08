"""Who works in a tenant: standings, links that let somebody in, ending and handing over."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields
from marshmallow.validate import Length

from service.api.blueprint import Noun, Sent
from service.pages.administration.links import link_to
from service.rights import needs, works_when_paused
from service.saving import saving
from tenants.administration.lookups import people_page
from tenants.people import actions, invitations
from tenants.people.lookups import StandingLine

staff = Noun(
    "staff",
    __name__,
    title="任职",
    description="谁在这里担任什么，邀请、结束和移交。没有党员资料。",
)


class StaffStanding(Schema):
    """One standing: who, as what, where, from when to when."""

    id = fields.UUID(metadata={"description": "任职的编号。"})
    person_id = fields.UUID(metadata={"description": "人的编号。"})
    shown_name = fields.String(metadata={"description": "姓名。"})
    role = fields.String(metadata={"description": "角色。"})
    cell_id = fields.UUID(allow_none=True, metadata={"description": "网格长的网格。"})
    branch_id = fields.UUID(allow_none=True, metadata={"description": "支部委员的支部。"})
    valid_from = fields.Date(metadata={"description": "从哪天起。"})
    valid_to = fields.Date(allow_none=True, metadata={"description": "到哪天止；null 是没有定。"})
    ended_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "提前结束的时间；没有结束时是 null。"}
    )


class StaffInvitation(Schema):
    """One link; its secret is not kept."""

    id = fields.UUID(metadata={"description": "邀请的编号。"})
    email = fields.String(metadata={"description": "邮箱。"})
    shown_name = fields.String(metadata={"description": "姓名。"})
    role = fields.String(metadata={"description": "角色。"})
    state = fields.String(metadata={"description": "open、expired、accepted 或 withdrawn。"})
    expires_at = fields.AwareDateTime(metadata={"description": "到什么时候有效。"})


class Vacant(Schema):
    """A cell nobody leads, or a branch without an officer."""

    kind = fields.String(metadata={"description": "cell 或 branch。"})
    id = fields.UUID(metadata={"description": "网格或支部的编号。"})
    name = fields.String(metadata={"description": "名称。"})


class Staff(Schema):
    """Everybody the caller may let in or ask to stop, and what lacks somebody."""

    present = fields.List(fields.Nested(StaffStanding), metadata={"description": "在任的。"})
    past = fields.List(fields.Nested(StaffStanding), metadata={"description": "结束了的。"})
    invited = fields.List(fields.Nested(StaffInvitation), metadata={"description": "邀请了的。"})
    vacant = fields.List(fields.Nested(Vacant), metadata={"description": "没有人的网格和支部。"})
    roles = fields.List(fields.String(), metadata={"description": "可以邀请人担任的角色。"})


class NewInvitation(Sent):
    """Whom to let in, as what, and where."""

    email = fields.String(
        required=True, validate=Length(max=254), metadata={"description": "邮箱。"}
    )
    name = fields.String(required=True, metadata={"description": "姓名，最多 60 个字。"})
    role = fields.String(required=True, metadata={"description": "角色。"})
    cell = fields.UUID(load_default=None, metadata={"description": "网格长的网格。"})
    branch = fields.UUID(load_default=None, metadata={"description": "支部委员的支部。"})


class MadeLink(Schema):
    """The link is told this once."""

    id = fields.UUID(metadata={"description": "邀请的编号。"})
    link = fields.String(metadata={"description": "邀请链接，只给这一次。"})


class NewHandover(Sent):
    """From whom to whom."""

    leaving = fields.UUID(
        required=True, data_key="from", metadata={"description": "交出的人的编号。"}
    )
    taking = fields.UUID(required=True, data_key="to", metadata={"description": "接手的人的编号。"})


class MadeHandover(Schema):
    """By this number it can be taken back within a day."""

    id = fields.UUID(metadata={"description": "移交的编号。"})


@staff.route("/people")
@needs("manage_people")
@staff.response(200, Staff)
def index() -> Any:
    """在任的、结束的、邀请中的，和空缺"""
    return people_page(g.scope, date.today())


@staff.route("/people/invitations", methods=["POST"])
@needs("manage_people")
@staff.arguments(NewInvitation)
@staff.response(201, MadeLink)
@staff.alt_response(409, "CONFLICT")
@staff.alt_response(422, "UNPROCESSABLE_ENTITY")
def invite(said: dict[str, Any]) -> dict[str, Any]:
    """邀请一个人

    链接七天内有效，用一次；这里不发邮件，由调用者转交。
    """
    draft = invitations.InvitationDraft(
        said["email"], said["name"], said["role"], said["cell"], said["branch"]
    )
    with saving():
        invitation_id, token = invitations.invite(g.scope, draft)
    return {"id": invitation_id, "link": link_to(token)}


@staff.route("/people/invitations/<uuid:invitation_id>/again", methods=["POST"])
@needs("manage_people")
@staff.response(200, MadeLink)
@staff.alt_response(404, "NOT_FOUND")
@staff.alt_response(409, "CONFLICT")
def again(invitation_id: UUID) -> dict[str, Any]:
    """换一个新链接，旧的不能再用"""
    with saving():
        token = invitations.invite_again(g.scope, invitation_id)
    return {"id": invitation_id, "link": link_to(token)}


@staff.route("/people/invitations/<uuid:invitation_id>/withdraw", methods=["POST"])
@needs("manage_people")
@works_when_paused
@staff.response(204)
@staff.alt_response(404, "NOT_FOUND")
@staff.alt_response(409, "CONFLICT")
def withdraw(invitation_id: UUID) -> None:
    """收回邀请"""
    with saving():
        invitations.withdraw_invitation(g.scope, invitation_id)


@staff.route("/people/standings/<uuid:standing_id>/end", methods=["POST"])
@needs("manage_people")
@works_when_paused
@staff.response(200, StaffStanding)
@staff.alt_response(404, "NOT_FOUND")
@staff.alt_response(409, "CONFLICT")
def end(standing_id: UUID) -> StandingLine:
    """马上结束一个任职；一天之内可以恢复"""
    return _changed(standing_id, actions.end_standing)


@staff.route("/people/standings/<uuid:standing_id>/resume", methods=["POST"])
@needs("manage_people")
@staff.response(200, StaffStanding)
@staff.alt_response(404, "NOT_FOUND")
@staff.alt_response(409, "CONFLICT")
def resume(standing_id: UUID) -> StandingLine:
    """恢复刚结束的任职"""
    return _changed(standing_id, actions.resume_standing)


@staff.route("/people/handovers", methods=["POST"])
@needs("manage_people")
@staff.arguments(NewHandover)
@staff.response(201, MadeHandover)
@staff.alt_response(404, "NOT_FOUND")
@staff.alt_response(409, "CONFLICT")
@staff.alt_response(422, "UNPROCESSABLE_ENTITY")
def hand_over(said: dict[str, UUID]) -> dict[str, UUID]:
    """把一个人在这里的全部任职一次移交给另一个人"""
    with saving():
        return {"id": actions.hand_over(g.scope, said["leaving"], said["taking"])}


@staff.route("/people/handovers/<uuid:handover_id>/undo", methods=["POST"])
@needs("manage_people")
@staff.response(204)
@staff.alt_response(404, "NOT_FOUND")
@staff.alt_response(409, "CONFLICT")
def undo_handover(handover_id: UUID) -> None:
    """撤销移交，各归原位；一天之内"""
    with saving():
        actions.undo_handover(g.scope, handover_id)


def _changed(standing_id: UUID, act: Callable[..., None]) -> StandingLine:
    with saving():
        act(g.scope, standing_id)
    found = people_page(g.scope, date.today())
    return next(each for each in (*found.present, *found.past) if each.id == standing_id)
