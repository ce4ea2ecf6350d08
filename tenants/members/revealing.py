"""Showing one sealed field to one person, for a reason that is written down (design, section 7).

The reading and its audit entry are one transaction of the caller: without the one there is no
other. Nothing else in the product answers with a whole phone number, document number or exact
address.
"""

import re
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from tenants.audit.actions import note
from tenants.audit.records import AuditEntry
from tenants.database import db
from tenants.errors import InvalidInput, NotAllowed, NotFound, TooOften
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.organisations.remarks import sealed_remark
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope

ACT: Final = "reveal_field"
FIELDS: Final = ("phone", "address", "document")
OF_EPISODES: Final = ("contact",)
"""Sealed fields that hang on a member and are read by the same rules (`mobility.corrections`)."""
REASONS: Final = ("call", "visit", "check", "other")
DOCUMENT_REASONS: Final = ("check", "other")
"""Nobody needs a document number to call somebody or to visit them."""
MOST_AN_HOUR: Final = 60
LONGEST_REMARK: Final = 60
# The audit holds no phone, and a remark is the one place where somebody could type one.
_NUMBER: Final = re.compile(r"(?:\d[\s-]?){7,}")


def reveal(scope: Scope, member_id: UUID, field: str, reason: str, remark: str = "") -> str:
    """The field of a member the scope may see, as it was entered.

    `remark` says in one line what the reason `other` is. Raises NotFound (also when nothing is
    entered), InvalidInput, NotAllowed for a document number and whoever works in single cells,
    TooOften after MOST_AN_HOUR readings of one person in one tenant.
    """
    row = db.session.execute(
        select(
            Member.phone_sealed.label("phone"),
            Member.address_sealed.label("address"),
            Member.document_sealed.label("document"),
        ).where(seen_by(scope), Member.id == member_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    if field not in FIELDS:
        raise InvalidInput("请说明要看电话、住址还是证件号码。")
    remark = _judged(field, reason, remark)
    if field == "document" and not scope.may_know_documents:
        raise NotAllowed("走访用不到证件号码。要核对的话，请社区管理员来看。")
    sealed = row._mapping[field]
    if sealed is None:
        raise NotFound("这一项没有登记。")
    write_reading_down(scope, member_id, field, reason, remark)
    return seal_of(scope).open(bytes(sealed), member_id, field)


def write_reading_down(
    scope: Scope, member_id: UUID, field: str, reason: str, remark: str = ""
) -> None:
    """The entry without which nothing is read; the caller has asked who may see the member.

    Raises InvalidInput for a reason that is none, TooOften.
    """
    remark = _judged(field, reason, remark)
    if _readings_within_the_hour(scope) >= MOST_AN_HOUR:
        raise TooOften("一小时内最多查看 %(most)s 次，请过一会儿再看。", most=MOST_AN_HOUR)
    said = sealed_remark(scope, remark, member_id)
    note(scope, ACT, "member", member_id, field=field, reason=reason, **said)
    db.session.flush()


def _judged(field: str, reason: str, remark: str) -> str:
    remark = " ".join(remark.split())
    if field not in FIELDS + OF_EPISODES:
        raise InvalidInput("请说明要看电话、住址还是证件号码。")
    if reason not in REASONS:
        raise InvalidInput("请先选择查看的原因。")
    if field == "document" and reason not in DOCUMENT_REASONS:
        raise InvalidInput("打电话和走访用不到证件号码，只有核对信息或其他原因才能看。")
    if reason != "other":
        return ""
    if not remark:
        raise InvalidInput("选“其他”时，请用一句话写明原因。")
    if len(remark) > LONGEST_REMARK:
        raise InvalidInput("原因最多 %(most)s 个字。", most=LONGEST_REMARK)
    if _NUMBER.search(remark):
        raise InvalidInput("原因里请不要写号码。")
    return remark


def _readings_within_the_hour(scope: Scope) -> int:
    return db.session.execute(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.tenant_id == scope.tenant_id,
            AuditEntry.at > func.now() - timedelta(hours=1),
            AuditEntry.act == ACT,
            AuditEntry.person_id == scope.person_id,
        )
    ).scalar_one()
