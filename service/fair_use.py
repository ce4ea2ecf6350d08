"""How often one person may ask for what costs most, so that nobody waits for somebody's script."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from flask import Flask, request
from flask_limiter.util import get_remote_address
from flask_login import current_user

from service.front_door import bearer_token
from service.limits import limiter
from tenants.members.finding import is_number

ENDPOINTS: Final = {
    "api_features.show": ("1200/minute", ["GET"]),
    "api_operations.deliver": ("300/minute", ["POST"]),
    "api_offline.show": ("60/minute", ["GET"]),
    "api_imports.start": ("30/minute;300/hour", ["POST"]),
    "imports.index": ("30/minute;300/hour", ["POST"]),
    "openings.index": ("10/minute;60/hour", ["POST"]),
    "exports.index": ("10/minute;60/hour", ["POST"]),
}
"""A person panning a map asks some sixty times a minute; a sitting of imports is a dozen."""
NUMBERS: Final = ("members.search", "movements.whom", "api_search.by_body")
NUMBERS_TRIED: Final = "60/minute;300/hour"
"""Who knows the end of a number could try out the rest of it."""


def attach(app: Flask) -> None:
    for endpoint, (rate, methods) in ENDPOINTS.items():
        guarded: Any = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(rate, key_func=whoever_asks, methods=methods)(
            guarded
        )
    for endpoint in NUMBERS:
        asked: Any = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.shared_limit(
            NUMBERS_TRIED, "numbers", key_func=whoever_asks, exempt_when=_asks_for_no_number
        )(asked)


def whoever_asks() -> str:
    """A mark of the person or the program; the desk, where nobody is signed in."""
    # Only what the door looked at: a header that it passes over must not make somebody new.
    token = bearer_token()
    if token is not None:
        return f"program:{sha256(token.encode()).hexdigest()}"
    known = current_user.get_id() if current_user.is_authenticated else None
    return f"person:{known}" if known else f"desk:{get_remote_address()}"


def _asks_for_no_number() -> bool:
    sent = request.get_json(silent=True) if request.is_json else request.form
    words = sent.get("words") if isinstance(sent, Mapping) else None
    return not (isinstance(words, str) and is_number(words))
