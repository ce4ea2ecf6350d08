"""What every page knows besides its own answer: where we are, as whom, and what is allowed here."""

from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from service.languages import chosen
from service.rights import ROLE_TITLES, allows


def attach(app: Flask) -> None:
    app.jinja_env.globals["may"] = may
    app.context_processor(_where_we_are)


def may(right: str) -> bool:
    """Whether whoever asks has a right here: pages offer only what would be allowed."""
    scope = g.get("scope")
    return scope is not None and allows(scope.role, right)


def _where_we_are() -> dict[str, Any]:
    return {"lang": chosen().replace("_", "-"), "here": _here()}


def _here() -> dict[str, Any] | None:
    scope = g.get("scope")
    if scope is None or not current_user.is_authenticated:
        return None

    def at(endpoint: str) -> str:
        return url_for(endpoint, tenant=scope.slug)

    register = "members.index" if allows(scope.role, "see_members") else "tenants.index"
    today = "today.show" if allows(scope.role, "record_visits") else "places.index"
    today_word = _("今日") if allows(scope.role, "record_visits") else _("阵地")
    places = [
        ("map", _("地图"), at("map.show"), "map."),
        ("today", today_word, at(today), today.removesuffix("show")),
        ("register", _("名册"), at(register), register),
        ("more", _("更多"), at("more.show"), "more."),
    ]
    endpoint = request.endpoint or ""
    return {
        "tenant_slug": scope.slug,
        "tenant_name": scope.name,
        "person_name": current_user.name,
        "role_title": str(ROLE_TITLES[scope.role]),
        "role": scope.role,
        "places": [(key, word, href, endpoint.startswith(at_)) for key, word, href, at_ in places],
    }
