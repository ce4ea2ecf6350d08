"""One table: what went wrong -> status, page for people, problem details (RFC 9457) for programs."""

from flask import Flask, Response, current_app, g, json, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from service.sentences import told
from tenants import errors

STATUS: dict[type[errors.WanggeError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.InvalidInput: 422,
    errors.TooOften: 429,
}

SENTENCES = {
    400: _l("这个请求不完整。请返回上一页再试。"),
    401: _l("您还没有登录,或登录已过期。请重新登录。"),
    403: _l("您的角色不能做这件事。需要的话请联系管理员。"),
    404: _l("没有找到这个页面,或者它不归您管。"),
    405: _l("这个地址不能这样使用。"),
    409: _l("有人刚刚处理过这件事。请刷新后再看。"),
    410: _l("这里的内容已被管理员收回。请删除保存的内容，再联系管理员。"),
    413: _l("文件太大了,最多 20 MB。请分成几份再传。"),
    422: _l("有些内容填得不对。请检查后再试。"),
    429: _l("尝试得太频繁了。请过几分钟再试。"),
    500: _l("系统出了问题,已经记下。请稍后再试。"),
    503: _l("系统暂时连不上数据库。请稍后再试,没有东西丢失。"),
}


def attach(app: Flask) -> None:
    app.register_error_handler(errors.WanggeError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(DataError, _cannot_be_kept)
    # Half a character: an emoji that was cut in two is sent as JSON all the same.
    app.register_error_handler(UnicodeEncodeError, _cannot_be_kept)


def problem(status: int, code: str, sentence: str, **facts: object) -> Response:
    """An RFC 9457 body: `title` is for people, `code` for programs, never a traceback."""
    body = {"type": "about:blank", "status": status, "title": sentence, "code": code, **facts}
    return Response(json.dumps(body), status, content_type="application/problem+json")


def _ours(error: errors.WanggeError) -> Response | tuple[str, int]:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return _reply(status, error.code, told(error) or str(SENTENCES[status]), **error.facts)


def _http(error: HTTPException) -> Response | tuple[str, int]:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    sentence = str(SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400]))
    facts = getattr(error, "data", None) or {}
    messages = facts.get("messages") if isinstance(facts, dict) else None
    return _reply(status, error.name.lower().replace(" ", "_"), sentence, **_faults(messages))


def _forged(error: CSRFError) -> Response | tuple[str, int]:
    return _reply(400, "form_expired", _("这个页面开得太久,已经过期。请刷新后再提交一次。"))


def _database_away(error: OperationalError) -> Response | tuple[str, int]:
    # Who is signed in is a question to the database too: the page is for anybody.
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    g.scopes = ()
    return _reply(503, "database_away", str(SENTENCES[503]))


def _cannot_be_kept(error: DataError | UnicodeEncodeError) -> Response | tuple[str, int]:
    return _reply(422, "invalid_input", _("内容里有不能保存的字符或过大的数。请改过后再试。"))


def _faults(messages: object) -> dict[str, object]:
    return {"faults": messages} if messages else {}


def _reply(status: int, code: str, sentence: str, **facts: object) -> Response | tuple[str, int]:
    if request.path.startswith("/api/"):
        return problem(status, code, sentence, **facts)
    if request.headers.get("HX-Request"):
        return render_template("errors/notice.html", sentence=sentence), status
    return render_template("errors/error.html", status=status, sentence=sentence), status
