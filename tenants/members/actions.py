"""Entering members in the register."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import update

from tenants.audit.actions import note
from tenants.copying import put_rows
from tenants.database import db, new_id
from tenants.members.records import Member
from tenants.organisations.limits import keep_to_members
from tenants.organisations.sealing import Seal, seal_of
from tenants.scope import Scope


class Place(NamedTuple):
    """A WGS-84 point with its precision, and the numbers it came from.

    `swapped`: the raw numbers stand latitude (or north) first. `building_id`: the compound or
    building whose point a home is, when one was chosen; `found_by` says what it was found by when
    nobody chose it by hand.
    """

    lon: float
    lat: float
    precision: str = "building"
    system: str = "wgs84"
    raw: tuple[float, float] | None = None
    building_id: UUID | None = None
    swapped: bool = False
    found_by: str = ""

    @property
    def point(self) -> str:
        return f"SRID=4326;POINT({self.lon:.7f} {self.lat:.7f})"

    @property
    def source(self) -> dict[str, Any]:
        x, y = self.raw or (self.lon, self.lat)
        found: dict[str, Any] = {"system": self.system, "x": x, "y": y}
        if self.swapped:
            found["swapped"] = True
        if self.found_by:
            found["found_by"] = self.found_by
        return found


class MemberDraft(NamedTuple):
    """A member to be entered. `phone`, `document` and `address` are sealed on the way in.

    `phone` and `document` are already in their one form, and right. `class_` decides which branches may take them.
    """

    name: str
    affiliation: str
    sex: str = ""
    born_on: date | None = None
    born_precision: str = "unknown"
    joined_on: date | None = None
    joined_precision: str = "unknown"
    phone: str = ""
    document: str = ""
    address: str = ""
    employer: str = ""
    class_: str = ""
    stage: str = "full"
    residence: str = "unknown"
    home: Place | None = None
    work: Place | None = None
    branch_id: UUID | None = None
    group_id: UUID | None = None


def enter_members(
    scope: Scope, drafts: Sequence[MemberDraft], *, import_id: UUID | None = None
) -> list[UUID]:
    """Enter members; answers their ids in the same order."""
    if not drafts:
        return []
    keep_to_members(scope, len(drafts))
    seal = seal_of(scope)
    ids = [new_id() for _ in drafts]
    put_rows(
        Member,
        (_row(id_, draft, seal, import_id) for id_, draft in zip(ids, drafts, strict=True)),
    )
    return ids


def join_branch(scope: Scope, member_id: UUID, branch_id: UUID | None) -> None:
    """Put a member into a branch, or take them out of it (None)."""
    db.session.execute(
        update(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id == member_id)
        .values(branch_id=branch_id, group_id=None, version=Member.version + 1)
    )


def join_group(scope: Scope, member_id: UUID, group_id: UUID | None) -> None:
    """Put a member into a group, or take them out of it (None)."""
    db.session.execute(
        update(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id == member_id)
        .values(group_id=group_id, version=Member.version + 1)
    )


def keep_places(
    scope: Scope, member_id: UUID, *, home: Place | None = None, work: Place | None = None
) -> None:
    """Keep where a member lives or works; None leaves what is known. The caller may see them."""
    known = {name: place for name, place in (("home", home), ("work", work)) if place}
    if not known:
        return
    columns: dict[str, Any] = {}
    for name, place in known.items():
        columns |= _place(name, place)
    db.session.execute(
        update(Member)
        .where(Member.tenant_id == scope.tenant_id, Member.id == member_id)
        .values(**columns, version=Member.version + 1)
    )
    note(scope, "keep_places", "member", member_id, places=sorted(known))


def _row(member_id: UUID, draft: MemberDraft, seal: Seal, import_id: UUID | None) -> dict[str, Any]:
    return {
        "id": member_id,
        "name": draft.name,
        "affiliation": draft.affiliation,
        "sex": draft.sex,
        "born_on": draft.born_on,
        "born_precision": draft.born_precision,
        "joined_on": draft.joined_on,
        "joined_precision": draft.joined_precision,
        "phone_sealed": _sealed(seal, draft.phone, member_id, "phone"),
        "phone_blind": seal.blind(draft.phone) if draft.phone else None,
        "document_sealed": _sealed(seal, draft.document, member_id, "document"),
        "document_blind": seal.blind(draft.document) if draft.document else None,
        "address_sealed": _sealed(seal, draft.address, member_id, "address"),
        "employer": draft.employer,
        "class_": draft.class_,
        "stage": draft.stage,
        "residence": draft.residence,
        "branch_id": draft.branch_id,
        "group_id": draft.group_id,
        "import_id": import_id,
        **_place("home", draft.home),
        **_place("work", draft.work),
    }


def _sealed(seal: Seal, text: str, row: UUID, field: str) -> bytes | None:
    return seal.close(text, row, field) if text else None


def _place(name: str, place: Place | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: place and place.point,
        f"{name}_precision": place.precision if place else "unknown",
        f"{name}_source": place and place.source,
    }
    if name == "home":
        found["home_building_id"] = place and place.building_id
    return found
