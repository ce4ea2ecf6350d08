"""Against guessing and forging: limits on sign-in, proof that a form is ours."""

from hashlib import sha256
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)


def attach(app: Flask) -> None:
    """Counts are kept in Redis, so that every web process counts together; without it they are
    kept in memory until it is back."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=_storage(app.config["SETTINGS"].redis_url),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    guarded: Any = app.view_functions["security.login"]
    # By desk against one that tries many names, by name against many desks that try one.
    guarded = limiter.limit("20/minute;200/hour", methods=["POST"])(guarded)
    guarded = limiter.limit("10/minute;60/hour", key_func=_name_tried, methods=["POST"])(guarded)
    app.view_functions["security.login"] = guarded


def _name_tried() -> str:
    """A mark of the name somebody tries to sign in with; the name itself is not kept."""
    tried = request.form.get("email", "").strip().lower()
    return f"name:{sha256(tried.encode()).hexdigest()}"


def _storage(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1)
