"""The application's URL map, as the house rules walk it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from werkzeug.routing import Rule

from service.api.features import LAYERS
from service.app import create_app
from service.settings import Settings

OPEN_TO_ALL = {
    "static",
    "security.login",
    "home.choose_language",
    "health.alive",
    "health.ready",
    "api-docs.openapi_json",
    "invitations.show",
    "hello.show",
    "tablet_worker.worker",
}
"""Nothing of anybody's is behind these. A new one is added here on purpose, or not at all."""


@cache
def rules() -> tuple[Rule, ...]:
    """The URL map of an application that never asks its database."""
    nowhere = "postgresql+psycopg://nobody@/nothing"
    app = create_app(
        Settings(
            "web",
            app_url=nowhere,
            oversee_url=nowhere,
            redis_url="unix:///nowhere.sock",
            secret_key="-" * 32,
            master_key=b"-" * 32,
        )
    )
    return tuple(app.url_map.iter_rules())


def ways(*, of_tenants: bool) -> list[Any]:
    """(method, endpoint, address) of every rule, one for each layer where it takes a layer."""
    found = []
    for rule in rules():
        if ("<tenant>" in rule.rule) != of_tenants or rule.endpoint in OPEN_TO_ALL:
            continue
        layers = LAYERS if "layer" in rule.arguments else [""]
        for method in sorted(rule.methods):
            for layer in layers:
                address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
                address = address.replace("{layer}", layer)
                found.append(pytest.param(method, rule.endpoint, address, id=f"{method} {address}"))
    return found
