"""Addresses as people reach us, which behind a proxy is not what a request says of itself."""

from typing import Any

from flask import current_app, url_for


def public_link(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for what is carried away: a code on paper, an invitation."""
    public = current_app.config["SETTINGS"].public_url.rstrip("/")
    return f"{public}{url_for(endpoint, **values, _external=not public)}"
