"""Rosters on their way in: sent, checked by a worker, accepted or discarded by a person."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import lazy_gettext as _l
from flask_smorest.fields import Upload
from marshmallow import Schema, fields
from marshmallow.validate import OneOf
from werkzeug.datastructures import FileStorage

from service.api.blueprint import Noun, Sent
from service.api.schemas import Change
from service.rights import needs
from service.saving import saving
from tenants.members import import_lookups
from tenants.members import imports as actions
from tenants.members.import_questions import SYSTEM_REASONS, choose_columns, decide_system
from tenants.members.import_states import CHOICES, ROSTER_SYSTEMS
from tenants.members.roster_headers import header_key

imports = Noun("imports", __name__, title="导入名册", description="上传、检查、接受或放弃。")


class SentFile(Sent):
    """The file itself."""

    file = Upload(
        required=True, metadata={"description": "名册：XLSX、XLS、ODS 或 CSV（UTF-8、GB18030）。"}
    )


class SentWords(Sent):
    """What must be said about the file."""

    system = fields.String(
        required=True,
        validate=OneOf(
            ROSTER_SYSTEMS,
            error=_l("应是 wgs84、gcj02、bd09、cgcs2000、metres 或 gk-75 至 gk-135。"),
        ),
        metadata={
            "description": "名册中坐标的坐标系，必须写明；metres 指还没有说明中央经线的平面坐标。"
        },
    )


class SentColumns(Sent):
    """What the office's own headers mean."""

    columns = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "列名 → 含义（name、phone、lon 等）；空字符串表示不用这一列。"},
    )
    sheets = fields.List(
        fields.String(), metadata={"description": "要导入的工作表；不写就是现在读的那些。"}
    )


class SentSystem(Sent):
    """How the coordinates are to be read, and on what ground."""

    system = fields.String(
        required=True,
        validate=OneOf(ROSTER_SYSTEMS),
        metadata={"description": "按哪一种坐标系来读。"},
    )
    swapped = fields.Boolean(
        load_default=False,
        metadata={"description": "两列是否对调；平面坐标对调即第一列是北、第二列是东。"},
    )
    reason = fields.String(
        required=True,
        validate=OneOf(SYSTEM_REASONS),
        metadata={"description": "依据：source_said、checked_on_map、measured 或 other。"},
    )


class SentDecision(Sent):
    """What becomes of people the register knows, said for all of them."""

    changed = fields.String(
        load_default="skip",
        validate=OneOf(CHOICES["changed"]),
        metadata={"description": "资料有变化的：update 或 skip。"},
    )
    possible = fields.String(
        load_default="skip",
        validate=OneOf(CHOICES["possible"]),
        metadata={"description": "可能是同一个人的：skip、add 或 update。"},
    )


class ImportLine(Schema):
    """An import in the list; rows = accepted + rejected + duplicates."""

    id = fields.UUID(metadata={"description": "编号。"})
    filename = fields.String(metadata={"description": "文件名。"})
    system = fields.String(metadata={"description": "坐标系。"})
    state = fields.String(
        metadata={
            "description": "checking、asking、stalled、checked、accepting、accepted、undoing、undone、unusable 或 discarded。"
        }
    )
    rows = fields.Integer(metadata={"description": "共几行。"})
    accepted = fields.Integer(metadata={"description": "可以导入的。"})
    rejected = fields.Integer(metadata={"description": "有错的。"})
    duplicates = fields.Integer(metadata={"description": "重复的。"})
    made_at = fields.AwareDateTime(metadata={"description": "什么时候上传的。"})


class Imports(Schema):
    """The newest hundred imports."""

    items = fields.List(fields.Nested(ImportLine))


class Import(ImportLine):
    """One import with the fault of every row that was not taken."""

    arrivals = fields.Integer(metadata={"description": "其中登记了几位流入党员。"})
    faults = fields.List(
        fields.Dict(),
        metadata={
            "description": "每个错误：sheet、row、column、code、values、sentence；row 为 0 指整份文件。"
        },
    )
    sentence = fields.String(metadata={"description": "整份文件为什么不能用。"})
    job = fields.UUID(
        attribute="job_id", allow_none=True, metadata={"description": "正在处理它的任务。"}
    )
    accepted_at = fields.AwareDateTime(metadata={"description": "什么时候接受的。"})
    question = fields.Dict(
        allow_none=True,
        metadata={"description": "要人先决定的：kind（columns 或 system）和 options。"},
    )
    impact = fields.Dict(
        metadata={
            "description": "导入后会怎样：fresh、same、changed、possible、fields、classes，以及 homes：没有坐标的新人按住址找楼栋，certain、unsure、unknown 各几人；remarks：收下了、但值得看一看的；passed_over：文件里没有读的 sheets、hidden、columns、rows。"
        }
    )
    undo_until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "什么时候以前可以整份撤销。"}
    )
    undone = fields.Dict(
        allow_none=True,
        metadata={"description": "撤销的结果：goes、stays、put_back、left_changed。"},
    )


@imports.route("/imports")
@needs("import_rosters")
@imports.response(200, Imports)
def index() -> dict[str, list[import_lookups.ImportLine]]:
    """导入过的名册"""
    return {"items": import_lookups.imports(g.scope)}


@imports.route("/imports", methods=["POST"])
@needs("import_rosters")
@imports.arguments(SentWords, location="form")
@imports.arguments(SentFile, location="files")
@imports.response(201, Change)
@imports.alt_response(422, "UNPROCESSABLE_ENTITY")
def start(
    words: dict[str, str], files: dict[str, FileStorage]
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """上传一份名册，先检查

    检查在后台进行，不改动名册；看过结果，再接受或放弃。
    """
    sent = files["file"]
    with saving():
        import_id = actions.start_import(g.scope, sent.filename or "", sent.read(), words["system"])
    where = url_for("api_imports.show", tenant=g.scope.slug, import_id=import_id)
    return {"id": import_id, "state": "checking"}, 201, {"Location": where}


@imports.route("/imports/<uuid:import_id>")
@needs("import_rosters")
@imports.response(200, Import)
@imports.alt_response(404, "NOT_FOUND")
def show(import_id: UUID) -> import_lookups.ImportCard:
    """一份名册和检查的结果"""
    return import_lookups.import_card(g.scope, import_id)


@imports.route("/imports/<uuid:import_id>/columns", methods=["POST"])
@needs("import_rosters")
@imports.arguments(SentColumns)
@imports.response(200, Change)
@imports.alt_response(404, "NOT_FOUND")
@imports.alt_response(409, "CONFLICT")
@imports.alt_response(422, "UNPROCESSABLE_ENTITY")
def columns(said: dict[str, Any], import_id: UUID) -> dict[str, Any]:
    """说明各列的含义，再检查一次

    列名的含义会记住，下次照办。
    """
    _filename, sheets, read = import_lookups.columns_to_choose(g.scope, import_id)
    chosen = {header_key(text): field for text, field in said["columns"].items()}
    with saving():
        choose_columns(g.scope, import_id, sheets, chosen, said.get("sheets", read))
    return {"id": import_id, "state": "checking"}


@imports.route("/imports/<uuid:import_id>/system", methods=["POST"])
@needs("import_rosters")
@imports.arguments(SentSystem)
@imports.response(200, Change)
@imports.alt_response(404, "NOT_FOUND")
@imports.alt_response(409, "CONFLICT")
@imports.alt_response(422, "UNPROCESSABLE_ENTITY")
def system(said: dict[str, Any], import_id: UUID) -> dict[str, Any]:
    """决定坐标怎么读，再检查一次"""
    with saving():
        decide_system(
            g.scope, import_id, said["system"], swapped=said["swapped"], reason=said["reason"]
        )
    return {"id": import_id, "state": "checking"}


@imports.route("/imports/<uuid:import_id>/accept", methods=["POST"])
@needs("import_rosters")
@imports.arguments(SentDecision)
@imports.response(200, Change)
@imports.alt_response(404, "NOT_FOUND")
@imports.alt_response(409, "CONFLICT")
def accept(said: dict[str, str], import_id: UUID) -> dict[str, Any]:
    """接受：没有错误的行进入名册，已知的人按所说的办"""
    with saving():
        actions.accept_import(g.scope, import_id, **said)
    return {"id": import_id, "state": "accepting"}


@imports.route("/imports/<uuid:import_id>/undo", methods=["POST"])
@needs("import_rosters")
@imports.response(200, Change)
@imports.alt_response(404, "NOT_FOUND")
@imports.alt_response(409, "CONFLICT")
def undo(import_id: UUID) -> dict[str, Any]:
    """整份撤销：没有人再办过的，都回到导入以前"""
    with saving():
        actions.undo_import(g.scope, import_id)
    return {"id": import_id, "state": "undoing"}


@imports.route("/imports/<uuid:import_id>/discard", methods=["POST"])
@needs("import_rosters")
@imports.response(200, Change)
@imports.alt_response(404, "NOT_FOUND")
@imports.alt_response(409, "CONFLICT")
def discard(import_id: UUID) -> dict[str, Any]:
    """放弃：文件不再保留"""
    with saving():
        actions.discard_import(g.scope, import_id)
    return {"id": import_id, "state": "discarded"}
