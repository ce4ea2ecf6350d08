"""Doors: an office above inside one community for three hours."""

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from service.api.blueprint import Noun, Sent
from service.rights import needs, works_when_paused
from service.saving import saving
from tenants.oversight import door_lookups
from tenants.oversight.doors import end_door, open_door

doors = Noun("doors", __name__, title="门", description="上级写明原因、限时三小时进入一个社区。")


class Door(Schema):
    """One door, open or over."""

    id = fields.UUID(metadata={"description": "编号。"})
    visitor = fields.String(metadata={"description": "谁进入。"})
    office = fields.String(metadata={"description": "来自哪个机构。"})
    community = fields.String(metadata={"description": "进入哪个社区。"})
    reason = fields.String(metadata={"description": "写明的原因。"})
    opened_at = fields.DateTime(metadata={"description": "何时打开。"})
    expires_at = fields.DateTime(metadata={"description": "何时自动关上。"})
    ended_at = fields.DateTime(allow_none=True, metadata={"description": "何时提前关上。"})
    is_open = fields.Boolean(metadata={"description": "现在是否开着。"})


class DoorPage(Schema):
    """Doors, newest first."""

    items = fields.List(fields.Nested(Door))


class WantedDoor(Sent):
    """Which community, and why."""

    community = fields.String(required=True, metadata={"description": "社区的短名。"})
    reason = fields.String(required=True, metadata={"description": "原因，8 到 200 个字。"})


class OpenedDoor(Schema):
    """The door that was opened."""

    id = fields.UUID(metadata={"description": "编号。"})


@doors.route("/doors")
@needs("see_doors")
@doors.response(200, DoorPage)
def index() -> dict[str, Any]:
    """本机构打开的门，或进入本社区的门"""
    return {"items": door_lookups.doors(g.scope)}


@doors.route("/doors", methods=["POST"])
@needs("open_doors")
@doors.arguments(WantedDoor)
@doors.response(201, OpenedDoor)
@doors.alt_response(404, "NOT_FOUND")
@doors.alt_response(409, "CONFLICT")
@doors.alt_response(422, "UNPROCESSABLE_ENTITY")
def enter(wanted: dict[str, str]) -> dict[str, UUID]:
    """写明原因，进入一个下级社区三小时

    双方都记入审计；社区马上看得到，被查看的人在本人记录里看得到。
    """
    with saving():
        return {"id": open_door(g.scope, wanted["community"], wanted["reason"])}


@doors.route("/doors/<uuid:door_id>/end", methods=["POST"])
@needs("end_doors")
@works_when_paused
@doors.response(204)
@doors.alt_response(404, "NOT_FOUND")
@doors.alt_response(409, "CONFLICT")
def end(door_id: UUID) -> None:
    """提前关上一扇门"""
    with saving():
        end_door(g.scope, door_id)
