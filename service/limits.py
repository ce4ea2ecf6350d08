"""Against guessing and forging: limits on sign-in, proof that a form is ours."""

from typing import Any

from flask import Flask
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
        RATELIMIT_IN_MEMORY_FALLBACK=["200/minute"],
    )
    csrf.init_app(app)
    limiter.init_app(app)
    sign_in = limiter.limit("20/minute;200/hour", methods=["POST"])
    guarded: Any = sign_in(app.view_functions["security.login"])
    app.view_functions["security.login"] = guarded


def _storage(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1)
