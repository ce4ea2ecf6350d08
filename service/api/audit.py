"""What was done and read in a tenant, and the head of the chain over it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun
from service.api.paging import page
from service.api.schemas import Paging
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note, note_people
from tenants.audit.lookups import Wanted, head
from tenants.errors import NotFound
from tenants.oversight.audit_book import book

audit = Noun("audit", __name__, title="记录", description="谁做过什么、看过什么，只能增加。")


class AuditAsked(Paging):
    """Which entries are wanted."""

    person = fields.UUID(metadata={"description": "只看这个人做的。"})
    act = fields.String(metadata={"description": "只看这一种。"})
    since = fields.AwareDateTime(metadata={"description": "从这一刻起。"})
    until = fields.AwareDateTime(metadata={"description": "到这一刻为止，不含。"})
    subject = fields.UUID(metadata={"description": "只看关于这一位或这一件的。"})


class AuditLine(Schema):
    """One entry."""

    id = fields.UUID(metadata={"description": "编号。"})
    at = fields.DateTime(metadata={"description": "什么时候。"})
    who = fields.String(metadata={"description": "谁；空：系统。"})
    role = fields.String(metadata={"description": "以什么角色。"})
    act = fields.String(metadata={"description": "做了什么。"})
    subject_kind = fields.String(metadata={"description": "关于什么。"})
    member_id = fields.UUID(allow_none=True, metadata={"description": "关于哪位党员。"})
    count = fields.Integer(allow_none=True, metadata={"description": "名单里有几个人。"})
    reason = fields.String(metadata={"description": "写明的原因。"})


class AuditPage(Schema):
    """Entries, newest first."""

    items = fields.List(fields.Nested(AuditLine))
    next = fields.UUID(allow_none=True, metadata={"description": "下一页从这里开始。"})


class AuditHead(Schema):
    """The last link of the chain."""

    tenant = fields.Integer(metadata={"description": "机构的号码，锚点文件里用它。"})
    seq = fields.Integer(metadata={"description": "第几条。"})
    hash = fields.String(metadata={"description": "指纹（SHA-256，十六进制）。"})
    linked_at = fields.DateTime(metadata={"description": "什么时候链上的。"})


@audit.route("/audit")
@needs("see_audit")
@audit.arguments(AuditAsked, location="query")
@audit.response(200, AuditPage)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """谁做过什么、看过什么"""
    subject: UUID | None = asked.get("subject")
    since: datetime | None = asked.get("since")
    wanted = Wanted(
        asked.get("person"),
        asked.get("act", ""),
        since,
        asked.get("until"),
        (subject,) if subject else None,
    )
    limit = asked["limit"]
    found = book(g.scope, wanted, after=asked.get("after"), limit=limit + 1)
    with saving():
        people = sorted({line.member_id for line in found[:limit] if line.member_id})
        note_people(g.scope, "read_audit", people)
    return page(found, limit)


@audit.route("/audit/head")
@needs("see_audit")
@audit.response(200, AuditHead)
@audit.alt_response(404, "NOT_FOUND")
def last() -> dict[str, Any]:
    """链的末尾，供抄到库外保存"""
    found = head(g.scope)
    if found is None:
        raise NotFound
    with saving():
        note(g.scope, "export_audit", "audit")
    return {
        "tenant": g.scope.tenant_id,
        "seq": found.seq,
        "hash": found.hash.hex(),
        "linked_at": found.linked_at,
    }
