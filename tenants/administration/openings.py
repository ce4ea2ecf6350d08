"""Many tenants from one spreadsheet: kept sealed, checked, opened as a whole."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import shapely
from sqlalchemy import func, select, text

from geo.coordinates import SYSTEMS
from tenants.administration.opening_plans import County, Fault, Known, Plan
from tenants.administration.records import TenantOpening
from tenants.audit.actions import note
from tenants.database import at_the_door, db, new_id, overseeing
from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.mobility.actions import choose_pack
from tenants.organisations.actions import NewTenant, give_first_boundary, open_tenants
from tenants.organisations.below import taken_areas, tenants_below
from tenants.organisations.limits import keep_to_storage
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import ask
from tenants.people.invitations import InvitationDraft, invite
from tenants.people.rules import may_give
from tenants.scope import Scope, acting_below

CHECK_JOB: Final = "check_openings"
OPEN_JOB: Final = "open_tenants"
OPENER: Final = "county_admin"


@dataclass(frozen=True, slots=True)
class OpeningCard:
    """One spreadsheet and what became of it; `links`: whether its links wait to be fetched."""

    id: UUID
    filename: str
    system: str
    pack_id: str
    state: str
    rows: int
    faults: list[Fault]
    job_id: UUID | None
    made_at: datetime
    opened_at: datetime | None
    links: bool

    @property
    def faulty_rows(self) -> int:
        return len({fault["row"] for fault in self.faults})


@dataclass(frozen=True, slots=True)
class Link:
    """What the county hands on: whom, where, and the secret of the link."""

    name: str
    slug: str
    admin_name: str
    admin_email: str
    token: str


def openings(scope: Scope) -> list[OpeningCard]:
    """The newest fifty spreadsheets of the county."""
    return _cards(scope)


def opening_card(scope: Scope, opening_id: UUID) -> OpeningCard:
    """One spreadsheet. Raises NotFound."""
    found = [card for card in _cards(scope, opening_id) if card.id == opening_id]
    if not found:
        raise NotFound
    return found[0]


def start_opening(scope: Scope, filename: str, content: bytes, system: str, pack_id: str) -> UUID:
    """Keep the spreadsheet and ask for its dry run; nothing is opened before a person accepts."""
    if scope.level != "county":
        raise NotAllowed
    if system not in SYSTEMS:
        raise InvalidInput("请选择坐标系:WGS-84、GCJ-02、BD-09 或 CGCS2000。")
    if not content:
        raise InvalidInput("文件是空的,请重新选择文件。")
    keep_to_storage(scope, len(content))
    opening_id = new_id()
    record = TenantOpening(
        id=opening_id,
        filename=filename[-200:],
        system=system,
        pack_id=pack_id,
        file_sealed=seal_of(scope).close_bytes(content, opening_id, "file"),
        made_by=scope.person_id,
    )
    db.session.add(record)
    db.session.flush()
    record.job_id = ask(scope, CHECK_JOB, {"opening": str(opening_id)})
    note(scope, "start_opening", "tenant_opening", opening_id)
    return opening_id


def opening_content(scope: Scope, opening_id: UUID) -> tuple[TenantOpening, bytes]:
    """The record and its file, for the worker."""
    record = _record(scope, opening_id)
    if record.file_sealed is None:
        raise Conflict("这个文件已经不在了，请重新上传。")
    return record, seal_of(scope).open_bytes(bytes(record.file_sealed), opening_id, "file")


def the_county(scope: Scope) -> County:
    """What is there before the first row."""
    cards = tenants_below(scope, erased=True)
    here = [card for card in cards if card.state in ("open", "paused")]
    return County(
        slug=scope.slug,
        area=scope.area,
        areas=taken_areas(scope),
        slug_taken=_slug_taken,
        townships={card.name: card.area for card in here if card.level == "township"},
        names={
            (scope.area if card.level == "township" else card.township_area, card.name)
            for card in here
        },
        grounds=_grounds(),
        slugs={card.slug for card in cards} | {scope.slug},
    )


def keep_check(scope: Scope, opening_id: UUID, rows: int, faults: Sequence[Fault]) -> None:
    """What the dry run found."""
    record = _locked(scope, opening_id, "checking")
    record.state, record.rows, record.faults = "checked", rows, list(faults)


def keep_unusable(scope: Scope, opening_id: UUID, fault: Fault) -> None:
    """The file as a whole cannot be used; it is not kept."""
    record = _locked(scope, opening_id, "checking")
    record.state, record.file_sealed, record.faults = "unusable", None, [fault]


def accept_opening(scope: Scope, opening_id: UUID) -> None:
    """Open what the dry run found without a fault."""
    record = _locked(scope, opening_id, "checked")
    record.state = "opening"
    record.job_id = ask(scope, OPEN_JOB, {"opening": str(opening_id)})
    note(scope, "accept_opening", "tenant_opening", opening_id)


def discard_opening(scope: Scope, opening_id: UUID) -> None:
    """The file is gone; nothing was opened."""
    record = _locked(scope, opening_id, "checked")
    record.state, record.file_sealed = "discarded", None
    note(scope, "discard_opening", "tenant_opening", opening_id)


def open_planned(
    scope: Scope, opening_id: UUID, plans: Sequence[Plan], faults: Sequence[Fault], day: date
) -> None:
    """Open every plan in the caller's one transaction; keep the links sealed until fetched."""
    record = _locked(scope, opening_id, "opening")
    office = _as_office(scope, record.made_by)
    wanted = [NewTenant(each.level, each.area, each.slug, each.name) for each in plans]
    opened = open_tenants(office, wanted)
    links = [
        link
        for below, each in zip(opened, plans, strict=True)
        if (link := _furnish(below, each, record.pack_id, day))
    ]
    record.state, record.opened_at, record.file_sealed = "opened", func.now(), None
    record.faults, record.rows = list(faults), len(plans)
    if links:
        content = json.dumps([asdict(link) for link in links]).encode()
        record.links_sealed = seal_of(scope).close_bytes(content, opening_id, "links")
    note(scope, "open_tenants", "tenant_opening", opening_id, count=len(plans))


def take_links(scope: Scope, opening_id: UUID) -> list[Link]:
    """The links, once: whoever fetched them hands them on. Raises Conflict afterwards."""
    record = _locked(scope, opening_id, "opened")
    if record.links_sealed is None:
        raise Conflict("链接已经下载过了。丢了的话，请在各单位的页面上重新邀请。")
    content = seal_of(scope).open_bytes(bytes(record.links_sealed), opening_id, "links")
    record.links_sealed = None
    note(scope, "take_links", "tenant_opening", opening_id)
    return [Link(**link) for link in json.loads(content)]


def _furnish(opened: Scope, plan: Plan, pack_id: str, day: date) -> Link | None:
    """Ground, rules and a link, under the new tenant's own stamp."""
    with acting_below(opened):
        if plan.shape is not None:
            give_first_boundary(opened, plan.shape, day)
        if pack_id:
            choose_pack(opened, pack_id, day)
        if not plan.admin_email:
            return None
        (role,) = may_give(opened.role, opened.level)
        draft = InvitationDraft(plan.admin_email, plan.admin_name, role)
        _id, token = invite(opened, draft)
    return Link(plan.name, plan.slug, plan.admin_name, plan.admin_email, token)


def _as_office(scope: Scope, person_id: UUID | None) -> Scope:
    """The worker opens in the name of the person who accepted."""
    return Scope(
        scope.tenant_id,
        scope.slug,
        scope.name,
        scope.level,
        scope.area,
        role=OPENER,
        person_id=person_id,
    )


def _slug_taken(slug: str) -> bool:
    with at_the_door() as door:
        found = door.execute(text("SELECT 1 FROM door_tenant(NULL, :slug)"), {"slug": slug})
        return found.first() is not None


def _grounds() -> list[Known]:
    with overseeing() as connection:
        rows = connection.execute(
            text(
                "SELECT t.area, t.level, t.name, ST_AsBinary(b.shape) AS shape FROM boundary b"
                " JOIN tenant t ON t.id = b.tenant_id"
                " WHERE b.valid_to IS NULL AND t.closed_at IS NULL"
            )
        ).all()
    return [Known(r.area, r.level, r.name, shapely.from_wkb(bytes(r.shape))) for r in rows]


def _cards(scope: Scope, opening_id: UUID | None = None) -> list[OpeningCard]:
    asked = select(
        TenantOpening.id,
        TenantOpening.filename,
        TenantOpening.system,
        TenantOpening.pack_id,
        TenantOpening.state,
        TenantOpening.rows,
        TenantOpening.faults,
        TenantOpening.job_id,
        TenantOpening.made_at,
        TenantOpening.opened_at,
        TenantOpening.links_sealed.is_not(None),
    ).where(TenantOpening.tenant_id == scope.tenant_id)
    if opening_id is not None:
        asked = asked.where(TenantOpening.id == opening_id)
    newest = asked.order_by(TenantOpening.made_at.desc(), TenantOpening.id.desc()).limit(50)
    return [OpeningCard(*row) for row in db.session.execute(newest)]


def _record(scope: Scope, opening_id: UUID) -> TenantOpening:
    found = db.session.get(TenantOpening, (scope.tenant_id, opening_id))
    if found is None:
        raise NotFound
    return found


def _locked(scope: Scope, opening_id: UUID, state: str) -> TenantOpening:
    record = db.session.execute(
        select(TenantOpening)
        .where(TenantOpening.tenant_id == scope.tenant_id, TenantOpening.id == opening_id)
        .with_for_update()
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.state != state:
        raise Conflict("这份表刚刚被处理过，请刷新后再看。")
    return record
