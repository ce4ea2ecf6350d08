"""The OpenAPI document of the API, and flask-smorest without its own error answers."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from flask_smorest import Api

from service.api.blueprint import Noun
from service.api.schemas import Problem
from service.front_door import is_api

INTRODUCTION = """\
网格的程序接口。地址以 /api/v1/tenants/<机构> 开头,<机构> 是机构的短名。

- 令牌：每个令牌属于一个机构中的一个任职，权限与这个任职相同，放在 Authorization: Bearer 中。
- 坐标：一律 WGS-84，经度在前；提交时必须写明坐标系，由系统换算。
- 错误：一律 application/problem+json（RFC 9457）；不归您管的与不存在的，回答相同。
- 列表：next 是下一页的 after；为空表示到底了。
"""


class Described(Api):
    """flask-smorest's Api; errors stay with `service.error_pages`."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Ours answer already, for pages and programs alike."""

    def _register_responses(self) -> None:
        """Each status a route names, and the answer for any other fault: problem details."""
        body = {"application/problem+json": {"schema": Problem}}
        for status in HTTPStatus:
            answer: dict[str, Any] = {"description": status.phrase}
            if status >= 400:
                answer["content"] = body
            self.spec.components.response(status.name, answer, lazy=True)
        self.spec.components.response(
            "DEFAULT_ERROR", {"description": "出了问题，见 title。", "content": body}, lazy=True
        )

    def add(self, noun: Noun, prefix: str) -> None:
        """Serve a noun below `prefix` and describe it under its own title."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][noun.name] = self
        self._app.register_blueprint(noun, url_prefix=prefix)
        described = [TENANT] if "<tenant>" in prefix else []
        noun.register_views_in_doc(self, self._app, self.spec, name=noun.name, parameters=described)
        self.spec.tag({"name": noun.title, "description": noun.description})


TENANT = {
    "in": "path",
    "name": "tenant",
    "required": True,
    "schema": {"type": "string"},
    "description": "机构的短名，网址中 /t/ 之后的那一段。",
}


def start(app: Flask) -> Described:
    """An empty document at /api/openapi.json, open to all."""
    app.config.update(
        API_TITLE="网格 Wangge",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": INTRODUCTION},
            "security": [{"bearer": []}],
        },
    )
    app.after_request(_say_how_to_enter)
    app.config["RIGHTS_OF_OTHERS"]["api-docs.openapi_json"] = "open_to_all"
    api = Described(app)
    api.spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "description": "机构发给程序的令牌。"}
    )
    return api


def _say_how_to_enter(response: Response) -> Response:
    """RFC 9110: whoever is refused for want of credentials is told which kind would do."""
    if response.status_code == 401 and is_api():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
