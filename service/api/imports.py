"""Rosters on their way in: sent, checked by a worker, accepted or discarded by a person."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import lazy_gettext as _l
from flask_smorest.fields import Upload
from marshmallow import Schema, fields
from marshmallow.validate import OneOf
from werkzeug.datastructures import FileStorage

from geo.coordinates import SYSTEMS
from service.api.blueprint import Noun, Sent
from service.api.schemas import Change
from service.rights import needs
from service.saving import saving
from tenants.members import import_lookups
from tenants.members import imports as actions

imports = Noun("imports", __name__, title="导入名册", description="上传、检查、接受或放弃。")


class SentFile(Sent):
    """The file itself."""

    file = Upload(required=True, metadata={"description": "名册：XLSX、XLS、ODS 或 CSV（UTF-8、GB18030）。"})


class SentWords(Sent):
    """What must be said about the file."""

    system = fields.String(
        required=True,
        validate=OneOf(SYSTEMS, error=_l("应是 wgs84、gcj02、bd09 或 cgcs2000。")),
        metadata={"description": "名册中坐标的坐标系，必须写明。"},
    )


class ImportLine(Schema):
    """An import in the list; rows = accepted + rejected + duplicates."""

    id = fields.UUID(metadata={"description": "编号。"})
    filename = fields.String(metadata={"description": "文件名。"})
    system = fields.String(metadata={"description": "坐标系。"})
    state = fields.String(
        metadata={"description": "checking、checked、accepting、accepted、unusable 或 discarded。"}
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
        metadata={"description": "每个错误：sheet、row、column、code、values、sentence；row 为 0 指整份文件。"},
    )
    sentence = fields.String(metadata={"description": "整份文件为什么不能用。"})
    job = fields.UUID(
        attribute="job_id", allow_none=True, metadata={"description": "正在处理它的任务。"}
    )
    accepted_at = fields.AwareDateTime(metadata={"description": "什么时候接受的。"})


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


@imports.route("/imports/<uuid:import_id>/accept", methods=["POST"])
@needs("import_rosters")
@imports.response(200, Change)
@imports.alt_response(404, "NOT_FOUND")
@imports.alt_response(409, "CONFLICT")
def accept(import_id: UUID) -> dict[str, Any]:
    """接受：没有错误的行进入名册"""
    with saving():
        actions.accept_import(g.scope, import_id)
    return {"id": import_id, "state": "accepting"}


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
