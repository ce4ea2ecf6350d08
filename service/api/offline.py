"""What a tablet keeps for when there is no network: own cells, the day's list, its cards, a key."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from flask import g
from flask_wtf.csrf import generate_csrf
from marshmallow import Schema, fields

from service.api.blueprint import Noun, Sent
from service.api.operations import Lead
from service.rights import allows, needs
from service.saving import saving
from service.visit_words import choices, due_told
from tenants.visits.first_talks import TalkLine
from tenants.visits.offline import Handout, hand_out
from tenants.visits.rules import LONGEST_NOTE
from tenants.visits.worklist import WorkLine

offline = Noun("offline", __name__, title="离线", description="平板上保存的内容，加密，到期作废。")


class WhichDevice(Sent):
    """Which tablet asks."""

    device = fields.UUID(
        required=True, metadata={"description": "平板自己生成的编号，每台、每人一个。"}
    )


class Key(Schema):
    """What the tablet encrypts with."""

    id = fields.UUID(metadata={"description": "密钥的编号；变了就要用新密钥重新加密。"})
    material = fields.String(metadata={"description": "32 个随机字节，base64。"})
    expires_at = fields.AwareDateTime(
        metadata={"description": "到这个时刻，平板必须删除保存的内容和密钥。"}
    )


class Kept(Schema):
    """Everything a tablet keeps, to replace whatever it kept before."""

    version = fields.String(metadata={"description": "内容的版本；相同即没有变化。"})
    handed_at = fields.AwareDateTime(metadata={"description": "服务器的时间。"})
    expires_at = fields.AwareDateTime(metadata={"description": "与密钥同时作废。"})
    key = fields.Nested(Key)
    lead = fields.Nested(Lead)
    cells = fields.Dict(metadata={"description": "GeoJSON FeatureCollection，WGS-84。"})
    today = fields.List(fields.Dict(), metadata={"description": "今天的走访清单，按走的顺序。"})
    talks = fields.List(
        fields.Dict(),
        metadata={"description": "要上门首谈的地址，没有人的情况；at 是排在走访清单的第几位之前。"},
    )
    cards = fields.List(
        fields.Dict(), metadata={"description": "清单里每个人的卡片，电话只有后四位。"}
    )
    choices = fields.Dict(metadata={"description": "可以点选的选项和它们的说法。"})
    longest_note = fields.Integer(metadata={"description": "简注最多几个字。"})
    csrf_token = fields.String(metadata={"description": "送回操作时放进 X-CSRFToken。"})


@offline.route("/offline")
@needs("record_visits")
@offline.arguments(WhichDevice, location="query")
@offline.response(200, Kept)
@offline.alt_response(409, "CONFLICT")
@offline.alt_response(410, "GONE")
@offline.alt_response(422, "UNPROCESSABLE_ENTITY")
def show(wanted: dict[str, Any]) -> dict[str, Any]:
    """平板离线时要用的内容

    只有自己负责的人，只有姓名和脱敏的内容。整份替换原来保存的；不在里面的要删除。
    410 或 404：删除全部保存的内容和密钥。名单里的每个人都会在自己的资料里看到这次下载。
    """
    now = datetime.now(UTC)
    with saving():
        talks = allows(g.scope.role, "register_arrivals")
        found = hand_out(g.scope, wanted["device"], now, with_talks=talks)
    return _told(found, now)


def _told(found: Handout, now: datetime) -> dict[str, Any]:
    return {
        "version": found.version,
        "handed_at": now,
        "expires_at": found.key.expires_at,
        "key": {
            "id": found.key.id,
            "material": b64encode(found.key.material).decode(),
            "expires_at": found.key.expires_at,
        },
        "lead": found.lead,
        "cells": {"type": "FeatureCollection", "features": found.cells},
        **_walk(found),
        "cards": found.cards,
        "choices": choices(),
        "longest_note": LONGEST_NOTE,
        "csrf_token": generate_csrf(),
    }


def _walk(found: Handout) -> dict[str, Any]:
    """People and addresses apart; `at` says how many people come before an address."""
    people: list[dict[str, Any]] = []
    talks: list[dict[str, Any]] = []
    for line in found.walk:
        if isinstance(line, WorkLine):
            people.append(_line(line))
        else:
            talks.append({**_talk(line), "at": len(people)})
    return {"today": people, "talks": talks}


def _talk(line: TalkLine) -> dict[str, Any]:
    return {
        "talk": str(line.talk_id),
        "words": line.words,
        "place": None if line.place is None else [round(part, 6) for part in line.place],
        "cell": line.cell,
        "state": line.state,
        "attempts": line.attempts,
        "most": line.most,
        "not_before": None if line.not_before is None else line.not_before.isoformat(),
        "dues": [due_told(due) for due in line.dues],
    }


def _line(line: WorkLine) -> dict[str, Any]:
    return {
        "member": str(line.member_id),
        "name": line.name,
        "place": None if line.place is None else [round(part, 6) for part in line.place],
        "precision": line.precision,
        "cell": line.cell,
        "cell_id": None if line.cell_id is None else str(line.cell_id),
        "state": line.state,
        "attempts": line.attempts,
        "last_on": None if line.last_on is None else line.last_on.isoformat(),
        "dues": [due_told(due) for due in line.dues],
    }
