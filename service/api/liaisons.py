"""Liaisons, for programs: who has one, who ought to and has none, naming and ending."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

from service.api.blueprint import Noun, Sent
from service.api.paging import page
from service.forms.liaisons import who_of
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note_people
from tenants.liaisons import actions
from tenants.liaisons.lookups import PAGE, running, without_liaison
from tenants.liaisons.rules import GONE, NEEDS

liaisons = Noun(
    "liaisons",
    __name__,
    title="联系人",
    description="谁是哪位党员、哪个支部的联系人。由人指定，系统不自动分配。",
)


class HolderSchema(Schema):
    """Who is the liaison."""

    code = fields.String(
        metadata={"description": "person:… 在这里任职，member:… 同意做联系人的党员。"}
    )
    name = fields.String(metadata={"description": "姓名。"})
    gone = fields.String(metadata={"description": f"{'、'.join(GONE)}：已不能联系；空的是可以。"})


class LiaisonSchema(Schema):
    """One running liaison."""

    id = fields.UUID(metadata={"description": "编号。"})
    member_id = fields.UUID(allow_none=True, metadata={"description": "联系的党员。"})
    branch_id = fields.UUID(allow_none=True, metadata={"description": "联系的支部。"})
    whose = fields.String(metadata={"description": "党员的姓名或支部的名称。"})
    holder = fields.Nested(HolderSchema, metadata={"description": "联系人。"})
    from_day = fields.Date(metadata={"description": "从哪天起。"})


class NeededSchema(Schema):
    """A member without a liaison."""

    id = fields.UUID(metadata={"description": "党员的编号。"})
    name = fields.String(metadata={"description": "姓名。"})
    need = fields.String(metadata={"description": f"{'或'.join(NEEDS)}：为什么应有联系人。"})
    orphan_of = fields.Nested(
        HolderSchema, allow_none=True, metadata={"description": "已不能联系的那位联系人。"}
    )


class LiaisonPage(Schema):
    """Running liaisons by id."""

    items = fields.List(fields.Nested(LiaisonSchema))
    next = fields.UUID(allow_none=True, metadata={"description": "下一页从哪一个之后开始。"})


class NeededPage(Schema):
    """Members without a liaison by id."""

    items = fields.List(fields.Nested(NeededSchema))
    next = fields.UUID(allow_none=True, metadata={"description": "下一页从哪一位之后开始。"})


class LiaisonWindow(Schema):
    """Which part of a list."""

    after = fields.UUID(load_default=None, metadata={"description": "上一页的 next。"})
    limit = fields.Integer(
        load_default=PAGE, validate=validate.Range(1, 200), metadata={"description": "最多几个。"}
    )


class NamedLiaison(Sent):
    """Whose liaison somebody is to be."""

    holder = fields.String(load_default="", metadata={"description": "person:… 或 member:…。"})
    members = fields.List(fields.UUID(), load_default=list, metadata={"description": "党员。"})
    agreed = fields.Boolean(
        load_default=False, metadata={"description": "党员本人已同意做联系人。"}
    )
    beyond = fields.Boolean(
        load_default=False, metadata={"description": "超过规则包的人数也这样指定。"}
    )
    from_day = fields.Date(load_default=None, metadata={"description": "从哪天起，不写是今天。"})


class LiaisonEnd(Sent):
    """When somebody is a liaison no longer."""

    on = fields.Date(load_default=None, metadata={"description": "哪一天，不写是今天。"})


class LiaisonAct(Schema):
    """One act, by whose number it is undone."""

    batch = fields.UUID(metadata={"description": "这一次的编号，一天之内可以撤销。"})


class LiaisonUndone(Schema):
    """What undoing came to."""

    undone = fields.Integer(metadata={"description": "恢复了几个。"})


@liaisons.route("/liaisons")
@needs("see_members")
@liaisons.arguments(LiaisonWindow, location="query")
@liaisons.response(200, LiaisonPage)
@liaisons.alt_response(422, "UNPROCESSABLE_ENTITY")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """现在的联系人"""
    limit = wanted["limit"]
    found = running(g.scope, date.today(), after=wanted["after"], limit=limit + 1)
    with saving():
        people = {each.member_id for each in found[:limit] if each.member_id}
        people |= {each.holder.id for each in found[:limit] if each.holder.kind == "member"}
        note_people(g.scope, "read_members", sorted(people))
    return page(found, limit)


@liaisons.route("/liaisons/missing")
@needs("see_members")
@liaisons.arguments(LiaisonWindow, location="query")
@liaisons.response(200, NeededPage)
@liaisons.alt_response(422, "UNPROCESSABLE_ENTITY")
def missing(wanted: dict[str, Any]) -> dict[str, Any]:
    """应有联系人而没有的党员"""
    limit = wanted["limit"]
    found = without_liaison(g.scope, date.today(), after=wanted["after"], limit=limit + 1)
    with saving():
        note_people(g.scope, "read_members", (each.id for each in found[:limit]))
    return page(found, limit)


@liaisons.route("/liaisons", methods=["POST"])
@needs("manage_liaisons")
@liaisons.arguments(NamedLiaison)
@liaisons.response(201, LiaisonAct)
@liaisons.alt_response(404, "NOT_FOUND")
@liaisons.alt_response(409, "CONFLICT")
@liaisons.alt_response(422, "UNPROCESSABLE_ENTITY")
def assign(wanted: dict[str, Any]) -> dict[str, UUID]:
    """给一位或多位党员指定联系人"""
    today = date.today()
    with saving():
        batch_id = actions.assign(
            g.scope,
            who_of(wanted["holder"]),
            wanted["members"],
            wanted["from_day"] or today,
            today,
            agreed=wanted["agreed"],
            beyond=wanted["beyond"],
        )
    return {"batch": batch_id}


@liaisons.route("/liaisons/<uuid:liaison_id>/end", methods=["POST"])
@needs("manage_liaisons")
@liaisons.arguments(LiaisonEnd)
@liaisons.response(200, LiaisonAct)
@liaisons.alt_response(404, "NOT_FOUND")
@liaisons.alt_response(409, "CONFLICT")
@liaisons.alt_response(422, "UNPROCESSABLE_ENTITY")
def end(wanted: dict[str, Any], liaison_id: UUID) -> dict[str, UUID]:
    """结束一位联系人，暂时没有人接"""
    today = date.today()
    with saving():
        return {"batch": actions.end(g.scope, liaison_id, wanted["on"] or today, today)}


@liaisons.route("/liaisons/batches/<uuid:batch_id>/undo", methods=["POST"])
@needs("manage_liaisons")
@liaisons.response(200, LiaisonUndone)
@liaisons.alt_response(404, "NOT_FOUND")
@liaisons.alt_response(409, "CONFLICT")
def undo(batch_id: UUID) -> dict[str, int]:
    """撤销一次指定或结束，一天之内"""
    with saving():
        return {"undone": actions.undo(g.scope, batch_id)}
