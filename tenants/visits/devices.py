"""Tablets: whose they are, the key of what they keep, when they last synced, taking one back.

A tablet encrypts what it was handed with a key of its own. The key ends after some days, and an
administrator may withdraw the tablet at once: then there is neither key nor list for it any more.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, Gone, NotFound
from tenants.marking import N_
from tenants.organisations.sealing import seal_of
from tenants.people.lookups import shown_names
from tenants.scope import Scope
from tenants.visits.records import Device, Operation

KEY_BYTES: Final = 32
KEY_LASTS: Final = timedelta(days=7)
"""How long a tablet may read what it keeps without having asked again. A choice."""
KEY_RENEWED: Final = timedelta(days=4)
"""With less than this left a sync hands out a new key, so that a working week never runs dry."""


class DeviceWithdrawn(Gone):
    """This tablet was taken back: whatever it keeps must be dropped."""

    code = "device_withdrawn"


class DeviceOfAnother(Conflict):
    """Somebody else signed in on the tablet: each person has a device id of their own."""

    code = "device_of_another"


@dataclass(frozen=True, slots=True)
class HandedKey:
    """The key a tablet encrypts with until `expires_at`; `material` is 32 random bytes."""

    id: UUID
    material: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A tablet in the administrator's list. `delivered`: operations of the last 90 days."""

    id: UUID
    name: str
    who: str
    first_seen_at: datetime
    last_synced_at: datetime | None
    key_expires_at: datetime | None
    withdrawn_at: datetime | None
    delivered: int


def meet_device(scope: Scope, device_id: UUID) -> None:
    """Make a tablet known when it comes for the first time.

    Raises DeviceOfAnother, DeviceWithdrawn.
    """
    db.session.execute(
        insert(Device)
        .values(id=device_id, person_id=scope.person_id, name=f"平板 {device_id.hex[-4:].upper()}")
        .on_conflict_do_nothing()
    )
    found = db.session.execute(
        select(Device.person_id, Device.withdrawn_at).where(
            Device.tenant_id == scope.tenant_id, Device.id == device_id
        )
    ).one()
    if found.person_id != scope.person_id:
        raise DeviceOfAnother(N_("这台平板登记在另一个人名下，请重新登录后再试；没有东西丢失。"))
    if found.withdrawn_at is not None:
        raise DeviceWithdrawn(N_("这台平板已被管理员停用，上面保存的名单要全部删除。"))


def hand_out_key(scope: Scope, device_id: UUID, now: datetime) -> HandedKey:
    """The tablet's key: the present one while it lasts long enough, otherwise a new one."""
    device = db.session.execute(
        select(Device)
        .where(Device.tenant_id == scope.tenant_id, Device.id == device_id)
        .with_for_update()
    ).scalar_one()
    seal = seal_of(scope)
    stale = device.key_expires_at is None or device.key_expires_at - now < KEY_RENEWED
    if stale or device.key_sealed is None or device.key_id is None:
        device.key_id = new_id()
        device.key_sealed = seal.close_bytes(os.urandom(KEY_BYTES), device.id, "key")
        device.key_expires_at = now + KEY_LASTS
        db.session.flush()
    assert device.key_id and device.key_sealed and device.key_expires_at
    material = seal.open_bytes(bytes(device.key_sealed), device.id, "key")
    return HandedKey(device.key_id, material, device.key_expires_at)


def note_sync(scope: Scope, device_id: UUID) -> None:
    """Keep when the tablet was last heard of."""
    db.session.execute(
        update(Device)
        .where(Device.tenant_id == scope.tenant_id, Device.id == device_id)
        .values(last_synced_at=func.now())
    )


def withdraw_device(scope: Scope, device_id: UUID) -> None:
    """Take a tablet back: its key is gone at once. Raises NotFound, Conflict when it was done."""
    device = _locked(scope, device_id)
    if device.withdrawn_at is not None:
        raise Conflict("这台平板已经停用了。")
    device.withdrawn_at, device.withdrawn_by = func.now(), scope.person_id
    device.key_id = device.key_sealed = device.key_expires_at = None
    note(scope, "withdraw_device", "device", device_id)
    db.session.flush()


def give_back_device(scope: Scope, device_id: UUID) -> None:
    """Let a tablet in again that was found; its old key stays gone, the next sync makes one."""
    device = _locked(scope, device_id)
    if device.withdrawn_at is None:
        raise Conflict("这台平板没有停用。")
    device.withdrawn_at = device.withdrawn_by = None
    note(scope, "give_back_device", "device", device_id)
    db.session.flush()


def devices(scope: Scope) -> list[DeviceLine]:
    """Every tablet of the tenant, last synced first."""
    delivered = (
        select(Operation.device_id, func.count().label("count"))
        .where(Operation.tenant_id == scope.tenant_id)
        .group_by(Operation.device_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Device, func.coalesce(delivered.c.count, 0))
        .outerjoin(delivered, delivered.c.device_id == Device.id)
        .where(Device.tenant_id == scope.tenant_id)
        .order_by(Device.last_synced_at.desc().nulls_last(), Device.id)
    ).all()
    names = shown_names(scope, {device.person_id for device, _count in rows})
    return [
        DeviceLine(
            device.id,
            device.name,
            names.get(device.person_id, ""),
            device.first_seen_at,
            device.last_synced_at,
            device.key_expires_at,
            device.withdrawn_at,
            count,
        )
        for device, count in rows
    ]


def _locked(scope: Scope, device_id: UUID) -> Device:
    device = db.session.execute(
        select(Device)
        .where(Device.tenant_id == scope.tenant_id, Device.id == device_id)
        .with_for_update()
    ).scalar_one_or_none()
    if device is None:
        raise NotFound
    return device
