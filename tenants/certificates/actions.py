"""Taking a certificate from step to step, taking a step back, writing down what was entered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.exc import IntegrityError

from tenants.audit.actions import note
from tenants.certificates.lookups import entries_of
from tenants.certificates.records import ActivityCertificate, CertificateEntry
from tenants.certificates.rules import (
    HOLDER_LONGEST,
    NUMBER_LONGEST,
    OPEN,
    SIGNER_LONGEST,
    STEP_DATES,
    check_entry,
    check_step,
    state_before,
)
from tenants.database import db, new_id
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.members.lookups import seen_by
from tenants.members.records import Member
from tenants.members.roster_texts import has_control_characters
from tenants.mobility.lookups import absence_of
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Step:
    """A step on a day. `number` goes with issuing, `holder` with whom it was handed to.

    `pledged`: the pledge was signed along with it (CRT-2). `seen`: the version it was decided on.
    """

    state: str
    on: date
    number: str = ""
    holder: str = ""
    pledged: bool = False
    seen: int | None = None


def request_certificate(scope: Scope, member_id: UUID, on: date, today: date) -> UUID:
    """A member is to get a certificate; answers its id.

    Raises NotFound, InvalidInput; Conflict while another one is open.
    """
    found = select(Member.id).where(Member.id == member_id, seen_by(scope)).with_for_update()
    if db.session.execute(found).scalar_one_or_none() is None:
        raise NotFound
    if on > today:
        raise InvalidInput("日期还没有到，请核对。")
    _refuse_second(scope, member_id)
    record = ActivityCertificate(
        id=new_id(),
        member_id=member_id,
        episode_id=absence_of(scope, member_id, today),
        requested_on=on,
        recorded_by=scope.person_id,
    )
    with _alone():
        db.session.add(record)
    note(scope, "request_certificate", "member", member_id, certificate=str(record.id))
    return record.id


def move_certificate(scope: Scope, certificate_id: UUID, step: Step, today: date) -> None:
    """Take it to its next step. Raises NotFound, Conflict, InvalidInput."""
    record = _locked(scope, certificate_id)
    if step.seen is not None and step.seen != record.version:
        raise Conflict("这本活动证刚刚被别人办过，请刷新后再看。", state=record.state)
    check_step(record.state, step.state, step.on, _days(record), today)
    number, holder = _words(step.number, NUMBER_LONGEST), _words(step.holder, HOLDER_LONGEST)
    if step.state == "issued" and not number:
        raise InvalidInput("请填活动证的编号。")
    with _alone():
        if step.state == "issued":
            record.number, record.pledge_on = number, step.on if step.pledged else None
        if step.state in ("presented", "held"):
            record.holder = holder or record.holder
        record.state = step.state
        setattr(record, STEP_DATES[step.state], step.on)
        record.version += 1
    note(
        scope,
        "move_certificate",
        "member",
        record.member_id,
        certificate=str(certificate_id),
        state=step.state,
    )


def take_back_step(scope: Scope, certificate_id: UUID) -> None:
    """Undo the last step. Raises NotFound; Conflict at the beginning, or while another is open."""
    record = _locked(scope, certificate_id)
    before = state_before(record.state, _days(record))
    if before is None:
        raise Conflict("这本活动证还没有办过下一步，不用撤销；不办了请作废。")
    if record.state not in OPEN and before in OPEN:
        _refuse_second(scope, record.member_id)
    with _alone():
        setattr(record, STEP_DATES[record.state], None)
        if record.state == "issued":
            record.number, record.pledge_on = "", None
        record.state = before
        record.version += 1
    note(
        scope,
        "undo_certificate",
        "member",
        record.member_id,
        certificate=str(certificate_id),
        state=before,
    )


def add_entry(
    scope: Scope, certificate_id: UUID, what: str, on: date, signed_by: str, today: date
) -> UUID:
    """Write down what the destination entered and who signed there; answers its id.

    Raises NotFound, Conflict, InvalidInput.
    """
    record = _locked(scope, certificate_id)
    signer = _words(signed_by, SIGNER_LONGEST)
    check_entry(what, on, signer, record.issued_on, today)
    entry = CertificateEntry(
        id=new_id(),
        certificate_id=certificate_id,
        happened_on=on,
        what=what,
        signed_by=signer,
        recorded_by=scope.person_id,
    )
    db.session.add(entry)
    note(scope, "add_certificate_entry", "member", record.member_id, entry=str(entry.id))
    db.session.flush()
    return entry.id


def strike_entry(scope: Scope, certificate_id: UUID, entry_id: UUID) -> None:
    """Mark an entry as a mistake; it stays to be read. Raises NotFound; Conflict when it was."""
    record = _locked(scope, certificate_id)
    found = next((each for each in entries_of(scope, certificate_id) if each.id == entry_id), None)
    if found is None:
        raise NotFound
    if found.struck:
        raise Conflict("这一条已经划去了。")
    db.session.add(
        CertificateEntry(
            id=new_id(),
            certificate_id=certificate_id,
            happened_on=found.happened_on,
            what=found.what,
            signed_by=found.signed_by,
            strikes=entry_id,
            recorded_by=scope.person_id,
        )
    )
    note(scope, "strike_certificate_entry", "member", record.member_id, entry=str(entry_id))
    db.session.flush()


def _refuse_second(scope: Scope, member_id: UUID) -> None:
    open_one = select(ActivityCertificate.id).where(
        ActivityCertificate.tenant_id == scope.tenant_id,
        ActivityCertificate.member_id == member_id,
        ActivityCertificate.state.in_(OPEN),
    )
    if db.session.execute(open_one).first():
        raise Conflict("这位同志还有一本活动证没有办结；请先收回、注销，或登记遗失、作废。")


@contextmanager
def _alone() -> Iterator[None]:
    """Two at the same moment meet at the database's own keys."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        if "uq_activity_certificate_number" in str(error.orig):
            raise Conflict("这个编号的活动证已经登记过，请核对编号。") from error
        raise Conflict(
            "这位同志还有一本活动证没有办结；请先收回、注销，或登记遗失、作废。"
        ) from error


def _days(record: ActivityCertificate) -> dict[str, date | None]:
    return {column: getattr(record, column) for column in STEP_DATES.values()}


def _words(typed: str, longest: int) -> str:
    words = " ".join(typed.split())
    if len(words) > longest:
        raise InvalidInput("写得太长，最多 %(most)s 个字。", most=longest)
    if has_control_characters(words):
        raise InvalidInput("里面有看不见的字符，请改过后再试。")
    return words


def _locked(scope: Scope, certificate_id: UUID) -> ActivityCertificate:
    record = db.session.execute(
        select(ActivityCertificate)
        .join(
            Member,
            and_(
                Member.tenant_id == ActivityCertificate.tenant_id,
                Member.id == ActivityCertificate.member_id,
            ),
        )
        .where(
            ActivityCertificate.tenant_id == scope.tenant_id,
            ActivityCertificate.id == certificate_id,
            seen_by(scope),
        )
        .with_for_update(of=ActivityCertificate)
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    return record
