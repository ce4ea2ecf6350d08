"""Activity certificates: the list, one with its entries, its steps, what a destination entered."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from service.api.blueprint import Noun, Sent
from service.rights import needs
from service.saving import saving
from tenants.audit.actions import note, note_people
from tenants.certificates import actions
from tenants.certificates.lookups import CertificateLine, certificate, entries_of
from tenants.certificates.lookups import certificates as found_certificates
from tenants.certificates.rules import (
    ENTRIES,
    HOLDER_LONGEST,
    NUMBER_LONGEST,
    OPEN,
    SIGNER_LONGEST,
    STATES,
)

certificates = Noun(
    "certificates", __name__, title="活动证", description="流动党员活动证在哪里、到哪一步。"
)
_LONG = _l("最多 {max} 个字。")
_CHOOSE = _l("没有这个选项。")
_STATES = "、".join(STATES)


class WantedCertificates(Sent):
    """Which certificates."""

    state = fields.String(
        validate=OneOf(STATES, error=_CHOOSE),
        metadata={"description": f"到哪一步：{_STATES}；不填是还没有办结的。"},
    )


class CertificateStep(Schema):
    """A step that was done."""

    state = fields.String(metadata={"description": "到了哪一步。"})
    on = fields.Date(metadata={"description": "哪一天。"})


class Certificate(Schema):
    """One certificate."""

    id = fields.UUID(metadata={"description": "编号。"})
    member = fields.UUID(metadata={"description": "党员的编号。"})
    name = fields.String(metadata={"description": "姓名。"})
    state = fields.String(metadata={"description": f"到哪一步：{_STATES}。"})
    number = fields.String(metadata={"description": "活动证的编号；空表示还没有发。"})
    holder = fields.String(metadata={"description": "流入地由谁保管或查看。"})
    pledge_on = fields.Date(allow_none=True, metadata={"description": "签责任书的日期。"})
    steps = fields.List(fields.Nested(CertificateStep))
    next_states = fields.List(fields.String(), metadata={"description": "可以办的下一步。"})
    version = fields.Integer(metadata={"description": "第几个版本。"})


class CertificateEntry(Schema):
    """What a destination entered."""

    id = fields.UUID(metadata={"description": "编号。"})
    happened_on = fields.Date(metadata={"description": "哪一天。"})
    what = fields.String(metadata={"description": "activity 参加了活动、dues 交了党费。"})
    signed_by = fields.String(metadata={"description": "流入地谁签的。"})
    struck = fields.Boolean(metadata={"description": "记错了，已经划去。"})


class CertificateWithEntries(Certificate):
    """One certificate with its entries, newest first."""

    entries = fields.List(fields.Nested(CertificateEntry))


class CertificateList(Schema):
    """Certificates, the longest in their state first."""

    items = fields.List(fields.Nested(Certificate))


class WantedCertificate(Sent):
    """Somebody is to get one."""

    on = fields.Date(required=True, metadata={"description": "申领的日期。"})


class WantedStep(Sent):
    """Where it goes."""

    state = fields.String(
        required=True,
        validate=OneOf(STATES, error=_CHOOSE),
        metadata={"description": "到哪一步，见 next_states。"},
    )
    on = fields.Date(required=True, metadata={"description": "哪一天。"})
    number = fields.String(
        load_default="",
        validate=Length(max=NUMBER_LONGEST, error=_LONG),
        metadata={"description": "发证时必填。"},
    )
    holder = fields.String(
        load_default="",
        validate=Length(max=HOLDER_LONGEST, error=_LONG),
        metadata={"description": "出示或保管时，是流入地的哪个组织。"},
    )
    pledged = fields.Boolean(load_default=False, metadata={"description": "发证时签了责任书。"})
    seen = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        metadata={"description": "决定时看到的版本。"},
    )


class WantedEntry(Sent):
    """What the destination entered."""

    what = fields.String(
        required=True,
        validate=OneOf(ENTRIES, error=_CHOOSE),
        metadata={"description": "activity 参加了活动、dues 交了党费。"},
    )
    on = fields.Date(required=True, metadata={"description": "哪一天。"})
    signed_by = fields.String(
        required=True,
        validate=Length(max=SIGNER_LONGEST, error=_LONG),
        metadata={"description": "流入地谁签的。"},
    )


@certificates.route("/certificates")
@needs("see_certificates")
@certificates.arguments(WantedCertificates, location="query")
@certificates.response(200, CertificateList)
@certificates.alt_response(422, "UNPROCESSABLE_ENTITY")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """活动证的清单，在一步上停得最久的在前"""
    state = wanted.get("state")
    found = found_certificates(g.scope, states=(state,) if state else OPEN)
    with saving():
        note_people(g.scope, "read_members", dict.fromkeys(each.member_id for each in found))
    return {"items": [_told(each) for each in found]}


@certificates.route("/certificates/<uuid:certificate_id>")
@needs("see_certificates")
@certificates.response(200, CertificateWithEntries)
@certificates.alt_response(404, "NOT_FOUND")
def show(certificate_id: UUID) -> dict[str, Any]:
    """一本活动证和流入地的记载"""
    found = certificate(g.scope, certificate_id)
    with saving():
        note(g.scope, "read_member", "member", found.member_id)
    return _told(found) | {"entries": entries_of(g.scope, certificate_id)}


@certificates.route("/members/<uuid:member_id>/certificates", methods=["POST"])
@needs("manage_certificates")
@certificates.arguments(WantedCertificate)
@certificates.response(201, Certificate)
@certificates.alt_response(404, "NOT_FOUND")
@certificates.alt_response(409, "CONFLICT")
@certificates.alt_response(422, "UNPROCESSABLE_ENTITY")
def new(wanted: dict[str, Any], member_id: UUID) -> dict[str, Any]:
    """登记申领一本活动证；每人同时只有一本没有办结的"""
    with saving():
        made = actions.request_certificate(g.scope, member_id, wanted["on"], date.today())
    return _told(certificate(g.scope, made))


@certificates.route("/certificates/<uuid:certificate_id>/steps", methods=["POST"])
@needs("manage_certificates")
@certificates.arguments(WantedStep)
@certificates.response(200, Certificate)
@certificates.alt_response(404, "NOT_FOUND")
@certificates.alt_response(409, "CONFLICT")
@certificates.alt_response(422, "UNPROCESSABLE_ENTITY")
def move(wanted: dict[str, Any], certificate_id: UUID) -> dict[str, Any]:
    """办下一步；seen 与现在的版本不同时不办"""
    with saving():
        actions.move_certificate(g.scope, certificate_id, actions.Step(**wanted), date.today())
    return _told(certificate(g.scope, certificate_id))


@certificates.route("/certificates/<uuid:certificate_id>/undo", methods=["POST"])
@needs("manage_certificates")
@certificates.response(200, Certificate)
@certificates.alt_response(404, "NOT_FOUND")
@certificates.alt_response(409, "CONFLICT")
def undo(certificate_id: UUID) -> dict[str, Any]:
    """退回一步"""
    with saving():
        actions.take_back_step(g.scope, certificate_id)
    return _told(certificate(g.scope, certificate_id))


@certificates.route("/certificates/<uuid:certificate_id>/entries", methods=["POST"])
@needs("manage_certificates")
@certificates.arguments(WantedEntry)
@certificates.response(201, CertificateWithEntries)
@certificates.alt_response(404, "NOT_FOUND")
@certificates.alt_response(409, "CONFLICT")
@certificates.alt_response(422, "UNPROCESSABLE_ENTITY")
def enter(wanted: dict[str, Any], certificate_id: UUID) -> dict[str, Any]:
    """照抄流入地的一条记载；只增加，记错了划去"""
    with saving():
        actions.add_entry(
            g.scope,
            certificate_id,
            wanted["what"],
            wanted["on"],
            wanted["signed_by"],
            date.today(),
        )
    found = certificate(g.scope, certificate_id)
    return _told(found) | {"entries": entries_of(g.scope, certificate_id)}


@certificates.route(
    "/certificates/<uuid:certificate_id>/entries/<uuid:entry_id>/strike", methods=["POST"]
)
@needs("manage_certificates")
@certificates.response(200, CertificateWithEntries)
@certificates.alt_response(404, "NOT_FOUND")
@certificates.alt_response(409, "CONFLICT")
def strike(certificate_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """把记错的一条划去，仍然看得到"""
    with saving():
        actions.strike_entry(g.scope, certificate_id, entry_id)
    found = certificate(g.scope, certificate_id)
    return _told(found) | {"entries": entries_of(g.scope, certificate_id)}


def _told(line: CertificateLine) -> dict[str, Any]:
    steps = [{"state": state, "on": on} for state, on in line.steps]
    names = ("id", "name", "state", "number", "holder", "pledge_on", "next_states", "version")
    facts = {name: getattr(line, name) for name in names}
    return {**facts, "member": line.member_id, "steps": steps}
