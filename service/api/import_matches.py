"""The rows of a roster that are, or may be, people the register knows: one decision each."""

from typing import Any
from uuid import UUID

from flask import g
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from service.api.blueprint import Noun, Sent
from service.api.schemas import MOST, Change
from service.rights import needs
from service.roster_words import fact_words
from service.saving import saving
from tenants.audit.actions import note_people
from tenants.members.import_lookups import import_card
from tenants.members.import_states import CHOICES
from tenants.members.roster_matches import MatchLine, decide_match
from tenants.members.roster_matches import matches as found_matches

import_matches = Noun(
    "import_matches",
    __name__,
    title="名册里已知的人",
    description="名册的哪些行是、或可能是已经登记的人，逐行决定。",
)

_DECISIONS = ("", *dict.fromkeys(each for choices in CHOICES.values() for each in choices))


class WantedMatches(Sent):
    """Which rows are wanted."""

    of = fields.String(
        validate=OneOf(tuple(CHOICES)),
        metadata={"description": "changed：资料有变化的；possible：可能是同一个人的；不填是全部。"},
    )
    after_sheet = fields.String(
        load_default="",
        validate=Length(max=100),
        metadata={"description": "上一页 next 里的 sheet。"},
    )
    after_row = fields.Integer(
        validate=Range(min=0, max=10**9), metadata={"description": "上一页 next 里的 row。"}
    )
    limit = fields.Integer(
        load_default=50,
        validate=Range(1, MOST, error=_l("应在 {min} 到 {max} 之间。")),
        metadata={"description": "每页几行，最多 200。"},
    )


class MatchedChange(Schema):
    """One field that differs; phones, numbers and addresses are masked as on the page."""

    field = fields.String(metadata={"description": "哪一项。"})
    old = fields.String(metadata={"description": "现在登记的。"})
    new = fields.String(metadata={"description": "名册里写的。"})


class Match(Schema):
    """One row and who it may be."""

    id = fields.UUID(metadata={"description": "编号，决定时用。"})
    sheet = fields.String(metadata={"description": "工作表；CSV 文件为空。"})
    row = fields.Integer(metadata={"description": "第几行。"})
    standing = fields.String(
        metadata={"description": "changed（就是这个人）或 possible（可能是）。"}
    )
    sign = fields.String(metadata={"description": "凭什么认出来的。"})
    member = fields.UUID(attribute="member_id", metadata={"description": "已登记的是谁。"})
    member_name = fields.String(metadata={"description": "登记的姓名。"})
    row_name = fields.String(metadata={"description": "名册里的姓名。"})
    changes = fields.List(fields.Nested(MatchedChange))
    choices = fields.List(fields.String(), metadata={"description": "可以怎么办。"})
    decision = fields.String(metadata={"description": "已经决定的；空的照接受整份名册时所说的办。"})


class MatchPlace(Schema):
    """Where the next page begins."""

    sheet = fields.String(metadata={"description": "工作表的名称；只有一张表时为空。"})
    row = fields.Integer(metadata={"description": "第几行。"})


class Matches(Schema):
    """Rows in the order of the file."""

    items = fields.List(fields.Nested(Match))
    next = fields.Nested(
        MatchPlace,
        allow_none=True,
        metadata={"description": "下一页的 after_sheet 和 after_row；null 是没有了。"},
    )


class OneDecision(Sent):
    """What becomes of one row."""

    id = fields.UUID(required=True, metadata={"description": "哪一行。"})
    decision = fields.String(
        required=True,
        validate=OneOf(_DECISIONS),
        metadata={
            "description": "update、skip，可能是同一个人的还可以 add；空字符串收回单独的决定。"
        },
    )


class SentDecisions(Sent):
    """Decisions of single rows; all of them are kept or none."""

    decisions = fields.List(
        fields.Nested(OneDecision),
        required=True,
        validate=Length(1, MOST, error=_l("应在 {min} 到 {max} 之间。")),
        metadata={"description": "逐行的决定，最多 200 行。"},
    )


@import_matches.route("/imports/<uuid:import_id>/matches")
@needs("import_rosters")
@import_matches.arguments(WantedMatches, location="query")
@import_matches.response(200, Matches)
@import_matches.alt_response(404, "NOT_FOUND")
def index(wanted: dict[str, Any], import_id: UUID) -> dict[str, Any]:
    """已知的人，逐行看改了什么

    看到了谁，会记在谁的查阅记录里。
    """
    import_card(g.scope, import_id)
    row = wanted.get("after_row")
    after = None if row is None else (wanted["after_sheet"], row)
    lines = found_matches(g.scope, import_id, wanted.get("of", ""), after, wanted["limit"])
    with saving():
        if lines:
            note_people(g.scope, "read_roster_matches", {line.member_id for line in lines})
    last = lines[-1] if len(lines) == wanted["limit"] else None
    return {
        "items": [_match(line) for line in lines],
        "next": last and {"sheet": last.sheet, "row": last.row},
    }


@import_matches.route("/imports/<uuid:import_id>/matches", methods=["POST"])
@needs("import_rosters")
@import_matches.arguments(SentDecisions)
@import_matches.response(200, Change)
@import_matches.alt_response(404, "NOT_FOUND")
@import_matches.alt_response(409, "CONFLICT")
@import_matches.alt_response(422, "UNPROCESSABLE_ENTITY")
def decide(said: dict[str, Any], import_id: UUID) -> dict[str, Any]:
    """逐行决定怎么办

    接受整份名册以前都可以改；有一行不能这样决定，就一行也不记。
    """
    state = import_card(g.scope, import_id).state
    with saving():
        for each in said["decisions"]:
            decide_match(g.scope, import_id, each["id"], each["decision"])
    return {"id": import_id, "state": state}


def _match(line: MatchLine) -> dict[str, Any]:
    changes = [
        {
            "field": name,
            "old": fact_words(name, line.old, line.new),
            "new": fact_words(name, line.new, line.old),
        }
        for name in line.fields
    ]
    told = ("id", "sheet", "row", "standing", "sign", "member_id", "member_name", "row_name")
    found = {name: getattr(line, name) for name in told}
    return found | {
        "decision": line.decision,
        "changes": changes,
        "choices": list(CHOICES[line.standing]),
    }
