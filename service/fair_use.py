"""How often one person may ask for what costs most, so that nobody waits for somebody's script."""

from hashlib import sha256
from typing import Any, Final

from flask import Flask, request
from flask_limiter.util import get_remote_address
from flask_login import current_user

from service.limits import limiter

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


def attach(app: Flask) -> None:
    for endpoint, (rate, methods) in ENDPOINTS.items():
        guarded: Any = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(rate, key_func=whoever_asks, methods=methods)(
            guarded
        )


def whoever_asks() -> str:
    """A mark of the person or the program; the desk, where nobody is signed in."""
    token = request.headers.get("Authorization", "")
    if token:
        return f"program:{sha256(token.encode()).hexdigest()}"
    known = current_user.get_id() if current_user.is_authenticated else None
    return f"person:{known}" if known else f"desk:{get_remote_address()}"
