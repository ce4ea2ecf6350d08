"""From a URL and a signed-in person to a Scope. No standing there: not found.

Every request passes here. A route under a tenant gets `g.scope`, entered for as long as the
request lasts; any other route must say `open_to_all` or `signed_in`.
"""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from service.limits import csrf
from service.rights import WIDEST_FIRST, allows, only_looks
from tenants.errors import Closed, NotFound, Paused
from tenants.marking import N_
from tenants.organisations.below import own_card
from tenants.people.door import former_scope, scope_of_token, standings_of
from tenants.scope import Scope, entered

PAUSED = N_("本单位已暂停，现在只能看，不能改。什么时候恢复请问上级管理员。")
CLOSED = N_("本单位已关闭。管理员在数据清除之前还可以导出；其他请问上级管理员。")


def attach(app: Flask) -> None:
    app.before_request(_enter)
    app.teardown_request(_leave)


def scopes_here() -> tuple[Scope, ...]:
    """Where the person who is signed in stands, one scope per tenant and role."""
    if "scopes" not in g:
        g.scopes = standings_of(current_user.id) if current_user.is_authenticated else ()
    return g.scopes


def is_api() -> bool:
    """Whether a program asked: it is answered with a status, never with a page."""
    return request.path.startswith("/api/")


def _enter() -> Response | None:
    if request.endpoint is None:
        raise NoSuchPage
    right = right_of(request.endpoint)
    token = bearer_token()
    if token is None:
        # A cookie is sent by the browser on its own, so what changes something needs proof that
        # our page asked; a bearer token is such a proof by itself.
        csrf.protect()
    if right == "open_to_all":
        return None
    scope = None if token is None else scope_of_token(token)
    if token is not None:
        # A cookie never stands in for a token that opens nothing: its request proved nothing.
        if scope is None:
            abort(401)
        g.scopes = (scope,)
    elif not current_user.is_authenticated:
        return _ask_to_sign_in()
    if right == "signed_in":
        return None
    tenant = (request.view_args or {}).pop("tenant", None)
    if scope is None:
        scope = _widest([s for s in scopes_here() if s.slug == tenant])
    elif scope.slug != tenant:
        scope = None
    formerly = scope is None and token is None and _also_formerly(request.endpoint)
    if formerly:
        scope = former_scope(current_user.id, str(tenant))
    if scope is None or not allows(scope.role, right):
        raise NotFound
    if not only_looks(scope.role, right, request.method):
        raise NotFound
    g.scope = scope
    g.stack = ExitStack()
    g.stack.enter_context(entered(scope))
    if formerly:
        # The door of former standings knows no state; inside, the tenant says its own.
        scope = replace(scope, state=own_card(scope).state)
    _refuse_by_state(scope, request.endpoint)
    return None


def _refuse_by_state(scope: Scope, endpoint: str) -> None:
    """A paused tenant can be read and not changed; a closed one keeps its export, no more."""
    view: Any = current_app.view_functions[endpoint]
    if scope.state == "closed" and not getattr(view, "when_closed", False):
        raise Closed(CLOSED)
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    if scope.state == "paused" and changes and not getattr(view, "when_paused", False):
        raise Paused(PAUSED)


def _leave(error: BaseException | None) -> None:
    stack = g.pop("stack", None)
    if stack is not None:
        stack.close()


def right_of(endpoint: str) -> str:
    """The right a route named. Raises when it named none: a mistake of ours."""
    if endpoint == "static":
        return "open_to_all"
    view: Any = current_app.view_functions[endpoint]
    right = getattr(view, "right", None) or current_app.config["RIGHTS_OF_OTHERS"].get(endpoint)
    if right is None:
        raise RuntimeError(f"the route {endpoint} names no right")
    return str(right)


def _also_formerly(endpoint: str) -> bool:
    return bool(getattr(current_app.view_functions[endpoint], "also_formerly", False))


def bearer_token() -> str | None:
    """The token a program sent along; pages take none."""
    if not is_api():
        return None
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "bearer" and token else None


def _ask_to_sign_in() -> Response:
    if is_api() or request.headers.get("HX-Request"):
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _widest(scopes: list[Scope]) -> Scope | None:
    return min(scopes, key=lambda scope: WIDEST_FIRST.index(scope.role), default=None)
