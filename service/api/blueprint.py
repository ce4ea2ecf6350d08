"""What every noun of the API is built with: strict schemas, Chinese faults, problem details."""

from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Request
from flask_babel import lazy_gettext as _l
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field
from webargs.flaskparser import FlaskParser

from tenants.errors import InvalidInput

SENTENCES = {
    "required": _l("这一项必须填写。"),
    "null": _l("这一项不能为空。"),
    "invalid": _l("格式不对。"),
    "invalid_uuid": _l("这不是一个编号。"),
    "validator_failed": _l("这个值不能用。"),
    "too_large": _l("数字太大。"),
    "special": _l("这不是一个数。"),
    "type": _l("应是一个对象。"),
    "unknown": _l("没有这一项。"),
}
"""Marshmallow's code of a fault -> what we say."""


class Sent(Schema):
    """Something a program sends: its faults are said in our words."""

    error_messages = {key: SENTENCES[key] for key in ("type", "unknown")}

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        field_obj.error_messages.update(
            {code: SENTENCES[code] for code in field_obj.error_messages if code in SENTENCES}
        )


class Parser(FlaskParser):
    """Reads what was sent; whatever is wrong with it becomes our own error, field by field."""

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        raise InvalidInput(
            str(_l("有些内容填得不对。请检查后再试。")), faults=list(faults_of(error.messages))
        ) from error


def faults_of(messages: Any, where: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Nested messages, one {"field": "home.lon", "sentence": ...} each. The place in the request
    (json, query, form) is left out."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from faults_of(inner, (*where, str(key)))
        return
    for sentence in messages if isinstance(messages, list) else [messages]:
        field = ".".join(part for part in where[1:] if part != "_schema")
        yield {"field": field, "sentence": str(sentence)}


class Noun(Blueprint):
    """A noun of the API. Its routes document themselves under the noun's Chinese name."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, noun: str, import_name: str, *, title: str, description: str = "") -> None:
        super().__init__(f"api_{noun}", import_name, description=description)
        self.title = title

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        options["tags"] = [self.title]
        super().add_url_rule(rule, *args, **options)
